#include "vm/timeline/reversible_storage.h"

#include <algorithm>

namespace timeline {

using devices::kSectorBytes;

bool ReversibleStorage::read(uint32_t sector, uint8_t* to) {
  const machine::Pages::Ref page = written_.at(sector / kSectorsPerPage);
  if (!page) return below_->read(sector, to);
  std::copy_n(page->data() + sector % kSectorsPerPage * kSectorBytes, kSectorBytes, to);
  return true;
}

bool ReversibleStorage::write(uint32_t sector, const uint8_t* from) {
  bool good = true;
  const uint32_t first = sector / kSectorsPerPage * kSectorsPerPage;
  machine::Page& page = written_.own(sector / kSectorsPerPage, [&](machine::Page& fresh) {
    for (uint32_t i = 0; i < kSectorsPerPage && first + i < sectors(); i++)
      good = below_->read(first + i, fresh.data() + i * kSectorBytes) && good;
  });
  std::copy_n(from, kSectorBytes, page.data() + sector % kSectorsPerPage * kSectorBytes);
  return good;
}

}  // namespace timeline
