-- Tables on paper: columns that fit their texts, heads that repeat, notes below in smaller type.

local target = require("target")
local widths = require("widths")
local M = {}
local LONGEST = 8 -- rows of a table that is kept on one page
local STYLES = { [9.5] = "Table", [8.5] = "TableSmall", [7.5] = "TableSmallest" }
local WORD_MEASURE = 496 -- points: the text of the Word document
local SIDES = { AlignRight = "right", AlignCenter = "center", AlignLeft = "left", AlignDefault = "left" }

function M.read(element)
  if target.name ~= "html" and element.format == "html" and element.text:find("<table") then
    return pandoc.read(element.text, "html").blocks
  end
end

-- on a screen a table that is too wide scrolls
function M.scrolling(element, identifier)
  local name = identifier and 'aria-labelledby="' .. target.html_escape(identifier) .. '-caption"' or 'aria-label="Table"'
  return {
    target.raw('<div class="table-scroll" role="region" tabindex="0" ' .. name .. ">"),
    element,
    target.raw("</div>"),
  }
end

local function strong(inlines)
  return #inlines > 0 and { pandoc.Strong(inlines) } or inlines, false
end

local function unbroken(element)
  element.text = element.text:gsub(" ", "\u{a0}")
  return element
end

-- heads are bold, and no number is broken; most cells have nothing to be changed, and walking takes time
local function settled(element)
  widths.each_cell(element, function(cell, column, _, head)
    local text = pandoc.utils.stringify(cell.contents)
    if head and target.name == "typst" then
      cell.contents = cell.contents:walk({ traverse = "topdown", Inlines = strong })
    elseif not head and text:find(" ", 1, true) and text:find("%d") and widths.is_number(element, cell, column) then
      cell.contents = cell.contents:walk({ Space = function() return pandoc.Str("\u{a0}") end, Str = unbroken })
    end
    if target.name == "typst" and widths.has_long(text) then
      cell.contents = cell.contents:walk({ Str = widths.breakable })
    end
  end)
  return element
end

-- the notes below a table, which HTML has as rows of its foot, in one paragraph
local function notes(element)
  local result = pandoc.Inlines({})
  for _, row in ipairs(element.foot.rows) do
    for _, cell in ipairs(row.cells) do
      local inlines = pandoc.utils.blocks_to_inlines(cell.contents)
      if #inlines > 0 and #result > 0 then result:extend({ pandoc.Str("\u{2003}"), pandoc.Space() }) end
      result:extend(inlines)
    end
  end
  return result
end

local function is_group(element, row)
  return #row.cells == 1 and #element.colspecs > 1 and row.cells[1].col_span == #element.colspecs
end

-- the columns that stay where a table is cut, and those that stay together: below one head, if they may
local function units(element, apart)
  local columns, found, stub = #element.colspecs, {}, 0
  local start, numeric = {}, {}
  widths.each_cell(element, function(cell, column, y, head)
    if head and y == 1 and not apart then start[column] = math.max(cell.col_span, 1) end
    if not head and widths.is_number(element, cell, column) then numeric[column] = true end
  end)
  local at = 1
  while at <= columns do
    local span = start[at] or 1
    found[#found + 1] = { at, math.min(at + span - 1, columns) }
    at = at + span
  end
  while stub < math.min(2, #found - 1) and found[stub + 1][1] == found[stub + 1][2] and not numeric[stub + 1] do
    stub = stub + 1
  end
  return math.max(stub, 1), found
end

local function with_columns(element, kept)
  local cut = element:clone()
  local gone = {}
  widths.each_cell(cut, function(cell, column)
    local count = 0
    for at = column, column + cell.col_span - 1 do count = count + (kept[at] and 1 or 0) end
    gone[#gone + 1] = { cell, count }
  end)
  local at = 0
  local function sliced(rows)
    for _, row in ipairs(rows) do
      local cells = {}
      for _, cell in ipairs(row.cells) do
        at = at + 1
        if gone[at][2] > 0 then
          cell.col_span = gone[at][2]
          cells[#cells + 1] = cell
        end
      end
      row.cells = cells
    end
    return rows
  end
  cut.head.rows = sliced(cut.head.rows)
  for _, body in ipairs(cut.bodies) do body.body = sliced(body.body) end
  local specs = {}
  for column, spec in ipairs(element.colspecs) do
    if kept[column] then specs[#specs + 1] = spec end
  end
  cut.colspecs = specs
  return cut
end

-- a table cut into the fewest parts that fit, each with its first columns; nil where none do
local function cut_up(element, apart)
  local stub, blocks = units(element, apart)
  local many = #blocks - stub
  for count = 2, many do
    local result, start = {}, stub
    for part = 1, count do
      local kept, stop = {}, stub + math.floor(many * part / count + 0.5)
      for at = 1, stub do kept[at] = true end
      for at = start + 1, stop do
        for column = blocks[at][1], blocks[at][2] do kept[column] = true end
      end
      local cut = with_columns(element, kept)
      result[part] = { cut, widths.fit(cut) }
      if not result[part][2] then break end
      start = stop
    end
    if #result == count and result[count][2] then return result end
  end
end

-- a table that no type makes narrow enough is cut: between heads of several columns, else below them
local function parts(element)
  local whole = widths.fit(element)
  if whole then return { { element, whole } } end
  return cut_up(element, false) or cut_up(element, true) or { { element, nil } }
end

local function typst_cell(element, cell, column, extra)
  local named = {}
  if cell.col_span > 1 then named[#named + 1] = "colspan: " .. cell.col_span end
  if cell.row_span > 1 then named[#named + 1] = "rowspan: " .. cell.row_span end
  if cell.alignment ~= "AlignDefault" and SIDES[cell.alignment] ~= SIDES[element.colspecs[column][1]] then
    named[#named + 1] = "align: " .. SIDES[cell.alignment]
  end
  if extra then named[#named + 1] = extra end
  local open = #named > 0 and "table.cell(" .. table.concat(named, ", ") .. ")[" or "["
  if #cell.contents == 1 and (cell.contents[1].t == "Plain" or cell.contents[1].t == "Para") then
    return { target.between(open, cell.contents[1].content, "],") }
  end
  return pandoc.Blocks({ target.raw(open) }) .. cell.contents .. { target.raw("],") }
end

local function length(text)
  return string.format("%.2fpt", text)
end

local function typst(element, fit, below)
  local sides, columns = {}, {}
  for at, spec in ipairs(element.colspecs) do
    sides[at] = SIDES[spec[1]] or "left"
    columns[at] = fit and not fit.natural and length(fit.widths[at]) or "auto"
  end
  local result = pandoc.Blocks({
    target.raw("#printed-table(size: " .. length(fit and fit.size or 9) .. ", align: (" .. table.concat(sides, ", ")
      .. ",), columns: (" .. table.concat(columns, ", ") .. ",),"),
  })
  local heads, groups = #element.head.rows, {}
  local y = heads
  for _, body in ipairs(element.bodies) do
    for _, row in ipairs(body.body) do
      y = y + 1
      groups[y] = is_group(element, row)
    end
  end
  if heads > 0 then result:insert(target.raw("table.header(")) end
  local closed = heads == 0
  widths.each_cell(element, function(cell, column, row, head)
    if not head and not closed then
      closed = true
      result:insert(target.raw("), table.hline(),"))
    end
    if head then
      local ruled = cell.col_span > 1 and #cell.contents > 0 and row < heads
      result:extend(typst_cell(element, cell, column, ruled and "stroke: (bottom: 0.4pt)" or "stroke: none"))
    elseif groups[row] then
      result:insert(target.raw("table.header(level: 2,"))
      result:extend(typst_cell(element, cell, column))
      result:insert(target.raw("),"))
    else
      result:extend(typst_cell(element, cell, column))
    end
  end)
  if not closed then result:insert(target.raw(")")) end
  result:insert(target.raw(")"))
  if #below > 0 then result:insert(target.between("#table-notes[", below, "]")) end
  return result
end

-- Word takes a named style for paragraphs only
local function paragraphs(blocks)
  return blocks:walk({ Plain = function(plain) return pandoc.Para(plain.content) end })
end

local function word_styles(element)
  for _, row in ipairs(element.head.rows) do
    for _, cell in ipairs(row.cells) do cell.contents = { target.styled("Table Head", paragraphs(cell.contents)) } end
  end
  for _, body in ipairs(element.bodies) do
    for _, row in ipairs(body.body) do
      if is_group(element, row) then
        local text = paragraphs(row.cells[1].contents):walk({ Strong = function(bold) return bold.content end })
        row.cells[1].contents = { target.styled("Table Group", text) }
      end
    end
  end
end

local function word(element, fit, below)
  word_styles(element)
  element.attr.attributes["custom-style"] = STYLES[fit and fit.size or 9.5]
  if fit then
    local specs = {}
    for at, spec in ipairs(element.colspecs) do specs[at] = { spec[1], fit.widths[at] / WORD_MEASURE } end
    element.colspecs = specs
  end
  element.foot.rows = {}
  if #below > 0 then
    local cell = pandoc.Cell({ target.styled("Table Note", { pandoc.Para(below) }) }, "AlignDefault", 1, #element.colspecs)
    element.foot = pandoc.TableFoot({ pandoc.Row({ cell }) })
  end
  return element
end

-- the blocks of a table, and its widest part in points; nil where some part is too wide for any type
local function laid_out(element)
  local below, result = notes(element), pandoc.Blocks({})
  local cut, widest = parts(settled(element)), 0
  for at, pair in ipairs(cut) do
    local last = at == #cut
    local text = last and below or {}
    widest = widest and pair[2] and math.max(widest, pair[2].total)
    if target.name == "typst" then
      result:extend(typst(pair[1], pair[2], text))
    else
      result:insert(word(pair[1], pair[2], text))
      -- Word leaves no room below a table, and joins tables that touch
      result:insert(target.gap())
    end
  end
  return result, #cut == 1 and widest or nil
end

-- the tables of a float as they are printed, and how it must be: as wide as this, longer than a page
function M.printed(blocks)
  local wide, rows = 0, 0
  local result = pandoc.Div(blocks):walk({
    Table = function(element)
      local lines = math.ceil(#element.foot.rows / 3)
      for _, body in ipairs(element.bodies) do lines = lines + #body.body end
      local laid, width = laid_out(element)
      wide = math.max(wide, width or widths.ROOM)
      rows = math.max(rows, width and lines or 2 * lines)
      return laid
    end,
  })
  return result.content, wide, rows > LONGEST
end

function M.laid_out(doc)
  return doc:walk({ Table = function(element) return (laid_out(element)) end })
end

return M
