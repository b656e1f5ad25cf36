// A picture that was chosen is cut to a square here, and only the square is sent.
const form = document.querySelector("[data-crop]");
const input = form.querySelector("input[type=file]");
const stage = form.querySelector(".crop");
const canvas = stage.querySelector("canvas");
const zoom = stage.querySelector("input[type=range]");
const brush = canvas.getContext("2d");
const STEP = 1 / 20; // of what is seen, for each press of an arrow key
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
let picture; // none: the server has the last word about what it is
let x, y; // the middle of what is seen

input.addEventListener("change", async () => {
  picture = undefined;
  stage.hidden = true;
  try {
    picture = await createImageBitmap(input.files[0]);
  } catch {
    return;
  }
  [x, y, zoom.value] = [picture.width / 2, picture.height / 2, 1];
  stage.hidden = false;
  draw();
});

const side = () => Math.min(picture.width, picture.height) / zoom.value;
const inside = (at, length) => Math.min(Math.max(at, side() / 2), length - side() / 2);

function draw() {
  [x, y] = [inside(x, picture.width), inside(y, picture.height)];
  brush.fillStyle = "white";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(picture, x - side() / 2, y - side() / 2, side(), side(), 0, 0, canvas.width, canvas.height);
}

function move(right, down) {
  [x, y] = [x + right * side(), y + down * side()];
  draw();
}

zoom.addEventListener("input", draw);
canvas.addEventListener("keydown", (event) => {
  const way = ARROWS[event.key];
  if (!way) return;
  event.preventDefault();
  move(way[0] * STEP, way[1] * STEP);
});
canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
canvas.addEventListener("pointermove", (event) => {
  if (event.buttons) move(-event.movementX / canvas.clientWidth, -event.movementY / canvas.clientHeight);
});

form.addEventListener("submit", (event) => {
  if (!picture || event.submitter?.name) return;
  event.preventDefault();
  canvas.toBlob((square) => {
    const sent = new DataTransfer();
    sent.items.add(new File([square], "square.jpg", { type: square.type }));
    input.files = sent.files;
    form.submit();
  }, "image/jpeg", 0.9);
});
