// Self-contained HTML pages: one style sheet (page.css) for all reports, nothing from the network.
#pragma once

#include <string>
#include <string_view>

namespace base::html {

// Text as content or as a value of an attribute in quotes. What is no UTF-8 is replaced.
std::string escaped(std::string_view text);

// <tag class="classes">content</tag>; `content` is HTML, `classes` may be empty.
std::string element(std::string_view tag, std::string_view classes, std::string_view content);

struct Page {
  std::string title;        // text
  std::string body;         // HTML
  std::string data;         // JSON for the script, as document.getElementById("data").textContent
  std::string_view script;  // JavaScript, trusted
};
std::string print(const Page& page);

}  // namespace base::html
