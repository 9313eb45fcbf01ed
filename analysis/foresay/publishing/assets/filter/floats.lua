-- Figures, tables, equations and sections with their numbers.

local target = require("target")
local references = require("references")
local tables = require("tables")
local raw, raw_inline, styled = target.raw, target.raw_inline, target.styled
local M = {}
local NOTE = "figure-note"
local MEASURE = 425 -- points: the text of the PDF; what is wider hangs out into its margins
local sections = {}

local function is_note(block)
  local first = block and (block.t == "Para" or block.t == "Plain") and block.content[1]
  return first and first.t == "Span" and first.classes:includes(NOTE)
end

local function is_figure(block)
  return (block.t == "Div" or block.t == "Figure") and target.kind_of(block.identifier) == "fig"
end

-- on paper the words that explain a figure go where it goes, and one that opens a section stays there
function M.keep_notes(blocks)
  if target.name == "html" then
    return nil
  end
  local result = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    local before = result[#result]
    if before and before.t == "Header" and is_figure(block) then block.attributes.opens = "true" end
    if before and is_figure(before) and is_note(block) then
      result[#result] = pandoc.Div({ before, pandoc.Div({ block }, pandoc.Attr("", { NOTE })) }, pandoc.Attr("", { "noted" }))
    else
      result:insert(block)
    end
  end
  return result
end

local function widest_image(blocks)
  local most = 0
  pandoc.Div(blocks):walk({
    Image = function(image) most = math.max(most, (target.settings.images[image.src] or {}).width or 0) end,
  })
  return most
end

local function html_float(kind, identifier, blocks, caption)
  local result = pandoc.Blocks({})
  local name = kind == "tbl" and "table" or "figure"
  result:insert(raw('<figure class="float float-' .. name .. '" id="' .. target.html_escape(identifier) .. '">'))
  local text = pandoc.Blocks({
    raw('<figcaption id="' .. target.html_escape(identifier) .. '-caption">'),
    pandoc.Plain(caption),
    raw("</figcaption>"),
  })
  if kind == "tbl" then result:extend(text) end
  result:extend(blocks)
  if kind ~= "tbl" then result:extend(text) end
  result:insert(raw("</figure>"))
  return result
end

local function typst_float(kind, identifier, blocks, caption, note, opens)
  local wide, long = widest_image(blocks), false
  if kind == "tbl" then blocks, wide, long = tables.printed(blocks) end
  local open = (kind == "tbl" and "#float-table(" or "#float-figure(")
    .. (wide > MEASURE and "hang: true, " or "")
    .. (opens and "opens: true, " or "")
    .. (long and "long: true, " or "")
  if long then open = "#need(9em)\n" .. open end
  local result = pandoc.Blocks({ raw(open .. "[") }) .. blocks
  local close = "], <" .. identifier .. ">)"
  if kind == "tbl" then close = "]) <" .. identifier .. ">" end
  result:insert(target.between("], caption: [", caption, note and "], note: [" or close))
  if note then
    result:extend(note)
    result:insert(raw(close))
  end
  return result
end

local function word_float(kind, identifier, blocks, caption, note)
  local text = pandoc.Para({ pandoc.Span(caption, pandoc.Attr(identifier)) })
  if kind == "tbl" then
    return pandoc.Blocks({ styled("Table Caption", { text }) }) .. blocks
  end
  local result = pandoc.Blocks({ styled("Captioned Figure", blocks), styled("Image Caption", { text }) })
  if note then result:insert(styled("Figure Note", note)) end
  return result
end

-- a float as blocks of the target: content, caption, identifier
local function float(kind, identifier, blocks, caption, note, opens)
  if target.name == "html" then
    return html_float(kind, identifier, blocks, caption)
  elseif target.name == "typst" then
    return typst_float(kind, identifier, blocks, caption, note, opens)
  end
  return word_float(kind, identifier, blocks, caption, note)
end

local function sub_figure(identifier, blocks, caption)
  if target.name == "html" then
    return pandoc.Blocks({ raw('<figure class="subfigure" id="' .. target.html_escape(identifier) .. '">') })
      .. blocks .. { raw("<figcaption>"), pandoc.Plain(caption), raw("</figcaption></figure>") }
  elseif target.name == "typst" then
    return pandoc.Blocks({ raw("[#sub-figure([") }) .. blocks
      .. { target.between("], caption: [", caption, "]) <" .. identifier .. ">],") }
  end
  return word_float("fig", identifier, blocks, caption)
end

-- side by side in columns; what is no figure, such as the code of a cell, comes before them
local function sub_figures(blocks, columns)
  local result, others, letter = pandoc.Blocks({}), pandoc.Blocks({}), 0
  for _, block in ipairs(blocks) do
    if is_figure(block) then
      local identifier = block.identifier
      local mark = references.part(identifier, string.char(97 + letter))
      letter = letter + 1
      local content, caption = block.content, pandoc.Inlines({})
      if block.t == "Figure" then
        caption = pandoc.utils.blocks_to_inlines(block.caption.long)
      elseif #content > 1 and (content[#content].t == "Para" or content[#content].t == "Plain") then
        caption = content:remove(#content).content
      end
      local text = pandoc.Inlines({ pandoc.Str(mark) })
      if #caption > 0 then
        text:insert(pandoc.Space())
        text:extend(caption)
      end
      result:extend(sub_figure(identifier, content, text))
    else
      others:insert(block)
    end
  end
  if letter == 0 then
    return blocks
  elseif target.name == "html" then
    result:insert(1, raw('<div class="subfigures" style="--columns: ' .. columns .. '">'))
    result:insert(raw("</div>"))
  elseif target.name == "typst" then
    result:insert(1, raw("#grid(columns: " .. columns .. ", gutter: 1.2em,"))
    result:insert(raw(")"))
  end
  return others .. result
end

local function figure_or_table(element, note)
  local kind, identifier, opens = target.kind_of(element.identifier), element.identifier, element.attributes.opens
  if kind ~= "fig" and kind ~= "tbl" then
    return nil
  end
  if element.t == "Figure" then
    references.number("fig", identifier)
    local caption = pandoc.utils.blocks_to_inlines(element.caption.long)
    return float("fig", identifier, element.content, references.caption("fig", identifier, caption), note, opens), false
  end
  if element.attributes.empty then target.stop(element.attributes.empty) end
  references.number(kind, identifier)
  local content, caption = element.content, pandoc.Inlines({})
  local last = content[#content]
  if #content > 1 and (last.t == "Para" or last.t == "Plain") then
    caption = content:remove(#content).content
  end
  if kind == "fig" then
    content = sub_figures(content, math.floor(tonumber(element.attributes["layout-ncol"]) or 1))
  end
  return float(kind, identifier, content, references.caption(kind, identifier, caption), note, opens), false
end

function M.number_div(element)
  if element.classes:includes("panel-tabset") then
    return element:walk({
      Header = function(header)
        header.classes:extend({ "unnumbered", "unlisted" })
        return header
      end,
    })
  elseif element.classes:includes("noted") then
    return figure_or_table(element.content[1], element.content[2].content)
  end
  return figure_or_table(element)
end

function M.number_figure(element)
  return figure_or_table(element)
end

function M.number_table(element)
  local identifier = element.identifier
  if target.kind_of(identifier) ~= "tbl" then
    return nil
  end
  references.number("tbl", identifier)
  local caption = pandoc.utils.blocks_to_inlines(element.caption.long)
  element.identifier = ""
  element.caption = pandoc.Caption({})
  local blocks = pandoc.Blocks(target.name == "html" and tables.scrolling(element, identifier) or { element })
  return float("tbl", identifier, blocks, references.caption("tbl", identifier, caption)), false
end

local function section_number(level)
  for deeper = level + 1, 6 do
    sections[deeper] = 0
  end
  sections[level] = (sections[level] or 0) + 1
  local parts = {}
  for upper = 1, level do
    parts[upper] = tostring(sections[upper] or 0)
  end
  return table.concat(parts, ".")
end

-- Word numbers its headings itself, so that they stay right when a section is added
function M.number_header(element)
  local numbered = target.settings.number_sections and not element.classes:includes("unnumbered")
  if numbered then
    local number = section_number(element.level)
    element.content = references.section(element.identifier, number, element.content)
    if target.name == "html" then
      local mark = pandoc.Span({ pandoc.Str(number) }, pandoc.Attr("", { "header-section-number" }))
      element.content = pandoc.Inlines({ mark, pandoc.Space() }) .. element.content
    elseif target.name == "typst" then
      local gap = raw_inline("#h(0.4em)") -- the bookmark keeps the space before it
      element.content = pandoc.Inlines({ pandoc.Str(number), pandoc.Space(), gap }) .. element.content
    end
  end
  if target.name == "html" then
    element.level = math.min(element.level + 1, 6) -- the title of the page is its only first-level heading
  elseif target.name == "docx" and target.settings.number_sections and not numbered then
    local text = pandoc.Para({ pandoc.Span(element.content, pandoc.Attr(element.identifier)) })
    return styled("Heading " .. math.min(element.level, 3) .. " Unnumbered", { text }), false
  end
  return element, false
end

local function equation(math, identifier)
  local number = references.number("eq", identifier)
  if target.name == "html" then
    return {
      raw('<div class="equation" id="' .. target.html_escape(identifier) .. '">'),
      pandoc.Plain({ math }),
      raw('<span class="equation-number">(' .. number .. ")</span></div>"),
    }
  elseif target.name == "typst" then
    return {
      pandoc.Para({
        raw_inline("#[#set math.equation(numbering: (..n) => [(" .. number .. ")])\n"),
        math,
        raw_inline(" <" .. identifier .. ">]"),
      }),
    }
  end
  math.text = math.text .. " \\qquad(" .. number .. ")"
  return { pandoc.Para({ pandoc.Span({ math }, pandoc.Attr(identifier)) }) }
end

function M.number_equations(element)
  local result, line, found = pandoc.Blocks({}), pandoc.Inlines({}), false
  local at = 1
  while at <= #element.content do
    local inline, label, skip = element.content[at], nil, 0
    if inline.t == "Math" and inline.mathtype == "DisplayMath" then
      local after = element.content[at + 1]
      if after and (after.t == "Space" or after.t == "SoftBreak") then
        after, skip = element.content[at + 2], 2
      else
        skip = 1
      end
      label = after and after.t == "Str" and after.text:match("^{#(eq%-[^}]+)}$")
    end
    if label then
      found = true
      if #line > 0 then result:insert(pandoc.Para(line)) end
      line = pandoc.Inlines({})
      result:extend(equation(inline, label))
      at = at + skip + 1
    else
      line:insert(inline)
      at = at + 1
    end
  end
  if not found then
    return nil
  end
  if #line > 0 then result:insert(pandoc.Para(line)) end
  return result, false
end

return M
