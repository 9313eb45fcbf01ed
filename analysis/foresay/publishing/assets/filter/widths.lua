-- How wide the columns of a printed table are, and how large its type is.
-- Typst and Word share the room of a crowded table out without looking at words or numbers, so
-- this is done here: no number and no name is broken, and long texts get what is left.

local target = require("target")
local M = {}

-- advance widths of the characters from space to ~, in thousandths of the type size:
-- Libertinus Serif in the PDF, Carlito (as wide as Calibri) in Word
local FONTS = {
  typst = "250 288 336 465 465 637 705 190 298 298 369 550 220 338 220 323 465 465 465 465 465 465 465 465 465 465 "
    .. "236 236 550 550 550 435 895 695 588 646 701 557 485 685 730 297 322 637 528 839 699 702 541 702 587 485 597 "
    .. "661 652 951 660 575 604 356 287 356 518 486 392 457 493 428 506 447 310 500 538 271 272 512 264 790 542 504 "
    .. "519 503 372 390 316 531 497 747 490 515 424 277 205 277 449",
  docx = "226 326 401 498 507 715 682 221 303 303 498 498 250 306 252 386 507 507 507 507 507 507 507 507 507 507 "
    .. "268 268 498 498 498 463 898 579 544 533 615 488 459 631 623 252 319 520 420 855 646 662 517 673 543 459 487 "
    .. "642 567 890 519 487 468 307 386 307 498 498 291 479 525 423 525 498 305 471 525 229 239 455 229 799 525 527 "
    .. "525 525 349 391 335 525 452 715 433 453 395 314 460 314 498",
}
local OTHER, SPACES, MONOSPACED, BOLD = 600, { [0xa0] = true, [0x2009] = true, [0x202f] = true }, 520, 1.08
local SAFETY = 1.02
-- points; the first is the one that is wanted
local SIZES = { typst = { 9, 8.5, 8, 7.5 }, docx = { 9.5, 8.5, 7.5 } }
local PADDING = { typst = 0.5, docx = 0.42 } -- of a cell on each side, in the type's size
local SMALLNESS = 2.6 -- how much height a smaller type must save
local LONGEST_WORD = 24 -- longer ones may be broken after a hyphen and the like
M.ROOM = 496 -- points: 175 mm, the width of a figure across two columns

local advance = {}
for width in (FONTS[target.name] or ""):gmatch("%d+") do
  advance[#advance + 1] = tonumber(width)
end

local function text_width(text)
  local sum = 0
  for _, code in utf8.codes(text, true) do
    if SPACES[code] then code = 32 end
    sum = sum + (code == 0x200b and 0 or advance[code - 31] or (code >= 0x1100 and code < 0xd000 and 1000) or OTHER)
  end
  return sum / 1000 * SAFETY
end

local function is_long(word)
  return utf8.len(word, 1, -1, true) > LONGEST_WORD
end

-- whether a text may have a word that `breakable` changes: bytes are no fewer than letters
function M.has_long(text)
  for word in text:gmatch("%S+") do
    if #word > LONGEST_WORD then return true end
  end
  return false
end

-- a long address or name may be broken after its marks
function M.breakable(element)
  if is_long(element.text) then
    element.text = element.text:gsub("([-/_.])", "%1\u{200b}")
    return element
  end
end

-- Word breaks any word that is too long for its line, typst only where it is told to
local function pieces(word)
  if not is_long(word) then return { word } end
  local found = {}
  for piece in word:gsub("([-/_.])", "%1 "):gsub("\u{200b}", " "):gmatch("%S+") do
    while target.name == "docx" and is_long(piece) do
      local stop = utf8.offset(piece, LONGEST_WORD + 1)
      found[#found + 1] = piece:sub(1, stop - 1)
      piece = piece:sub(stop)
    end
    found[#found + 1] = piece
  end
  return found
end

-- widths of a cell's text on one line, and of its longest piece
local function measured(blocks, scale)
  local line, word, most, text = 0, 0, 0, ""
  local function add(width)
    line, word = line + width, word + width
    most = math.max(most, word)
  end
  local function visit(inlines)
    for _, inline in ipairs(inlines) do
      local kind = inline.t
      if kind == "Str" then
        local own = inline.text
        text = text .. own
        local parts = pieces(own)
        for at, piece in ipairs(parts) do
          if at > 1 then word = 0 end
          add(text_width(piece) * scale)
        end
      elseif kind == "Code" then
        text = text .. inline.text
        for piece in inline.text:gsub("\u{200b}", " "):gmatch("%S+") do
          word = 0
          add(utf8.len(piece, 1, -1, true) * MONOSPACED / 1000)
        end
      elseif kind == "Space" or kind == "SoftBreak" or kind == "LineBreak" then
        line, word = line + text_width(" ") * scale, 0
      elseif kind == "Math" then
        add(text_width(inline.text))
      elseif kind == "RawInline" then
        add(text_width((inline.text:gsub("^\\", ""))) * scale) -- a character that is escaped for typst
      elseif inline.content and kind ~= "Note" then
        visit(inline.content)
      end
    end
  end
  local one = #blocks == 1 and (blocks[1].t == "Plain" or blocks[1].t == "Para")
  visit(one and blocks[1].content or pandoc.utils.blocks_to_inlines(blocks, { pandoc.Space() }))
  return line, most, text
end

local function rows_of(element)
  local rows = {}
  for _, row in ipairs(element.head.rows) do rows[#rows + 1] = { row, true } end
  for _, body in ipairs(element.bodies) do
    for _, row in ipairs(body.body) do rows[#rows + 1] = { row, false } end
  end
  return rows
end

-- calls `see(cell, first column, row number, is head)` for each cell, also below cells of several rows
local function each_cell(element, see)
  local taken, columns = {}, #element.colspecs
  for y, pair in ipairs(rows_of(element)) do
    local column = 1
    for _, cell in ipairs(pair[1].cells) do
      while (taken[column] or 0) >= y do column = column + 1 end
      for at = column, math.min(column + cell.col_span - 1, columns) do
        taken[at] = y + cell.row_span - 1
      end
      see(cell, column, y, pair[2])
      column = column + cell.col_span
    end
  end
end
M.each_cell = each_cell

function M.is_number(element, cell, column)
  local side = cell.alignment
  if side == "AlignDefault" then side = element.colspecs[column][1] end
  return side == "AlignRight"
end

-- what the columns ask for, in the size of the type: shortest and longest, and the rows' texts
local function wishes(element)
  local columns = #element.colspecs
  local least, most, rows, spanners = {}, {}, {}, {}
  for at = 1, columns do least[at], most[at] = 0, 0 end
  each_cell(element, function(cell, column, y, head)
    local line, word, text = measured(cell.contents, head and BOLD or 1)
    if cell.col_span > 1 then
      if head then spanners[#spanners + 1] = { column, cell.col_span, word } end
      return
    end
    if not head and M.is_number(element, cell, column) and text:find("%d") then word = line end
    rows[y] = rows[y] or {}
    rows[y][column] = line
    least[column] = math.max(least[column], word)
    most[column] = math.max(most[column], line)
  end)
  for _, each in ipairs(spanners) do
    local have = 0
    for at = each[1], each[1] + each[2] - 1 do have = have + least[at] end
    for at = each[1], each[1] + each[2] - 1 do
      least[at] = least[at] + math.max(0, each[3] - have) / each[2]
      most[at] = math.max(most[at], least[at])
    end
  end
  return least, most, rows
end

local function sum(numbers)
  local total = 0
  for _, number in ipairs(numbers) do total = total + number end
  return total
end

-- share room out so that the rows become low: each step goes to the column that saves most
local function shared(least, most, rows, room)
  local widths = { table.unpack(least) }
  local left = room - sum(least)
  local step = left / 80
  while left > 1e-9 do
    local saves, best = {}, nil
    for _, row in pairs(rows) do
      local worst, ratio = nil, 1
      for column, line in pairs(row) do
        if line / widths[column] > ratio then worst, ratio = column, line / widths[column] end
      end
      if worst then saves[worst] = (saves[worst] or 0) + ratio / widths[worst] end
    end
    for column = 1, #widths do
      if saves[column] and (not best or saves[column] > saves[best]) then best = column end
    end
    if not best then break end
    widths[best] = math.min(widths[best] + step, math.max(most[best], widths[best]))
    if widths[best] >= most[best] then
      for _, row in pairs(rows) do
        if row[best] and row[best] > widths[best] then row[best] = widths[best] end
      end
    end
    left = room - sum(widths)
  end
  return widths
end

local function height(widths, rows)
  local lines = 0
  for _, row in pairs(rows) do
    local deepest = 1
    for column, line in pairs(row) do
      deepest = math.max(deepest, math.ceil(line / widths[column] - 1e-6))
    end
    lines = lines + deepest
  end
  return lines
end

local function copied(rows)
  local result = {}
  for y, row in pairs(rows) do
    result[y] = {}
    for column, line in pairs(row) do result[y][column] = line end
  end
  return result
end

-- the type size, and the widths of the columns with their padding, in points; nil when it is too wide
function M.fit(element, room)
  room = room or M.ROOM
  local least, most, rows = wishes(element)
  local best
  for _, size in ipairs(SIZES[target.name]) do
    local padding = 2 * PADDING[target.name] * size
    local free = (room - padding * #least) / size
    if sum(least) <= free then
      local widths = shared(least, most, copied(rows), free)
      local cost = height(widths, rows) * size * (SIZES[target.name][1] / size) ^ SMALLNESS
      if not best or cost < best.cost then
        best = { size = size, cost = cost, widths = {}, natural = true }
        for at, width in ipairs(widths) do
          best.widths[at] = width * size + padding
          best.natural = best.natural and width >= most[at]
        end
        best.total = sum(best.widths)
      end
      if best.natural then break end
    end
  end
  return best
end

return M
