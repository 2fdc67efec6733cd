#include "assembler/base/line_editor.h"

#include <histedit.h>

#include <cerrno>
#include <cstdio>

namespace base {

namespace {

constexpr int kHistory = 1000;  // lines

}  // namespace

struct LineEditor::Impl {
  std::string prompt;
  std::function<std::vector<std::string>(std::string_view)> complete;
  EditLine* edit = nullptr;
  History* history = nullptr;

  static Impl& of(EditLine* edit) {
    void* self = nullptr;
    el_get(edit, EL_CLIENTDATA, &self);
    return *static_cast<Impl*>(self);
  }
  static char* promptOf(EditLine* edit) { return of(edit).prompt.data(); }

  // What all candidates have in common is inserted; without progress they are listed.
  static unsigned char completed(EditLine* edit, int) {
    const LineInfo* line = el_line(edit);
    const std::string_view before(line->buffer, size_t(line->cursor - line->buffer));
    const std::vector<std::string> words = of(edit).complete(before);
    if (words.empty()) return CC_REFRESH_BEEP;
    std::string common = words[0];
    for (const std::string& each : words)
      while (!each.starts_with(common)) common.pop_back();
    size_t known = 0;  // how much of it stands there
    for (size_t n = std::min(common.size(), before.size()); n && !known; n--)
      if (before.ends_with(std::string_view(common).substr(0, n))) known = n;
    std::string insertion = common.substr(known) + (words.size() == 1 ? " " : "");
    if (!insertion.empty()) return el_insertstr(edit, insertion.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
    std::fputc('\n', stdout);
    for (const std::string& each : words) std::printf("%s  ", each.c_str());
    std::fputc('\n', stdout);
    std::fflush(stdout);
    return CC_REDISPLAY;
  }
};

LineEditor::LineEditor(const char* program, std::string prompt,
                   std::function<std::vector<std::string>(std::string_view)> complete)
    : impl_(std::make_unique<Impl>(Impl{std::move(prompt), std::move(complete)})) {
  Impl& t = *impl_;
  HistEvent event;
  t.edit = el_init(program, stdin, stdout, stderr);
  t.history = history_init();
  history(t.history, &event, H_SETSIZE, kHistory);
  history(t.history, &event, H_SETUNIQUE, 1);
  el_set(t.edit, EL_CLIENTDATA, &t);
  el_set(t.edit, EL_PROMPT, &Impl::promptOf);
  el_set(t.edit, EL_EDITOR, "emacs");
  el_set(t.edit, EL_SIGNAL, 1);
  el_set(t.edit, EL_HIST, history, t.history);
  el_set(t.edit, EL_ADDFN, "complete", "complete the word", &Impl::completed);
  el_set(t.edit, EL_BIND, "^I", "complete", nullptr);
  el_source(t.edit, nullptr);
}

LineEditor::~LineEditor() {
  history_end(impl_->history);
  el_end(impl_->edit);
}

std::optional<std::string> LineEditor::read() {
  int size = 0;
  const char* text = nullptr;
  do {  // an interrupted line begins anew
    errno = 0;
    text = el_gets(impl_->edit, &size);
  } while (!text && errno == EINTR);
  if (!text || size <= 0) return std::nullopt;
  std::string line(text, size_t(size));
  while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
  HistEvent event;
  if (!line.empty()) history(impl_->history, &event, H_ENTER, line.c_str());
  return line;
}

}  // namespace base
