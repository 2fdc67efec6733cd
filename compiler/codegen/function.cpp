#include "compiler/codegen/function.h"

namespace codegen {

base::Status FunctionGenerator::generate(const core::Program& program, uint32_t index) {
  program_ = &program;
  function_ = &program.functions[index];
  frame_ = core::layoutFrame(program, *function_);
  if (mutated(Mutation::FrameTooLarge)) frame_.size += 8;
  if (!frame_.fits)
    return error("c0-frame-too-large", "the frame of '" + function_->name + "' is larger than 2^31 - 1 bytes");
  parameters_ = core::layoutArguments(program, *function_);
  places_ = frame_.variables;
  for (size_t i = 1; i < places_.size(); i++)
    if (mutated(Mutation::LocalsShare)) places_[i] = places_[i - 1];
  emit_.reset(false);
  body();
  if (emit_.finish()) return base::Ok{};
  emit_.reset(true);
  body();
  if (emit_.finish()) return base::Ok{};
  return error("c0-function-too-large", "the code of '" + function_->name + "' is too long");
}

base::Error FunctionGenerator::error(const char* id, std::string text) const {
  const core::Position& at = function_->position;
  std::string file = at.file < program_->files.size() ? program_->files[at.file] : program_->name;
  return {std::move(text), id, file + ":" + std::to_string(at.line) + ":" + std::to_string(at.column)};
}

void FunctionGenerator::body() {
  stubs_.clear();
  loops_.clear();
  stackStub_ = {};
  pending_.clear();
  spillsInUse_ = 0;
  reachable_ = true;
  map_.name = function_->name;
  map_.calls.clear();
  map_.checks.clear();
  map_.asms.clear();
  map_.statements.clear();
  map_.statements.resize(function_->statements.size());
  map_.frameSize = frame_.size;
  map_.returnAddressOffset = frame_.returnAddress;
  map_.variables.clear();
  for (uint32_t offset : frame_.variables) {
    if (mutated(Mutation::MapVariable)) offset += 4;
    map_.variables.push_back({object::MapVariable::Frame, offset});
  }
  prologue();
  list(function_->body);
  if (reachable_) {  // a core function returns on every path; what does not must not run on into the next function
    emit_.call(runtime(RuntimeSymbol::Fault));
    check(core::Fault::MissingReturn, function_->position);
  }
  stubs();
  map_.size = emit_.here();
}

object::MapPosition FunctionGenerator::position(core::Position position) {
  return {unit_.mapFile(*program_, position.file), position.line, position.column};
}

}  // namespace codegen
