from django.urls import path

from comments.desk import answers, figures, heat, pages, people

urlpatterns = [
    path("", pages.queue, name="desk"),
    path("selection/", pages.selection, name="desk-selection"),
    path("undo/<int:id>/", pages.undo, name="desk-undo"),
    # One comment
    path("comment/<int:id>/", pages.comment, name="desk-comment"),
    path("comment/<int:id>/claim/", pages.claim, name="desk-claim"),
    # One person
    path("person/<int:id>/", people.person, name="desk-person"),
    path("person/<int:id>/note/", people.note, name="desk-note"),
    path("person/<int:id>/measure/", people.measure, name="desk-measure"),
    path("person/<int:id>/lift/<int:sanction>/", people.lift, name="desk-lift"),
    path("person/<int:id>/email/", people.email, name="desk-email"),
    path("person/<int:id>/everything/", people.everything, name="desk-everything"),
    # Answers
    path("appeal/<int:id>/", answers.appeal, name="desk-appeal"),
    path("notice/<int:id>/", answers.notice, name="desk-notice"),
    path("again/<int:id>/", answers.again_blind, name="desk-again"),
    # The desk itself
    path("figures/", figures.figures, name="desk-figures"),
    path("slow/<int:id>/", heat.slow, name="desk-slow"),
    # A queue by its name; the last, since it takes any word
    path("<slug:slug>/", pages.queue, name="desk-queue"),
    path("<slug:slug>/news/", pages.news, name="desk-news"),
]
