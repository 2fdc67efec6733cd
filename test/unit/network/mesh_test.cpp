#include "vm/network/mesh.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "vm/network/links.h"

namespace network {
namespace {

std::string placeFor(const char* name) { return testing::TempDir() + "mesh-" + name + "-" + std::to_string(getpid()); }

// All nodes of a mesh, in one process.
std::vector<std::unique_ptr<Mesh>> meshes(const std::string& path, unsigned nodes) {
  std::vector<std::unique_ptr<Mesh>> result(nodes);
  std::vector<std::thread> threads;
  for (unsigned node = 0; node < nodes; ++node)
    threads.emplace_back([&, node] {
      auto mesh = Mesh::join({path, node, nodes});
      if (mesh) result[node] = std::move(*mesh);
    });
  for (auto& thread : threads) thread.join();
  return result;
}

TEST(Mesh, ReadsWhereToMeet) {
  auto meeting = parseMeeting("/tmp/a,b,1/3", "--net=/tmp/a,b,1/3");
  ASSERT_TRUE(meeting);
  EXPECT_EQ(meeting->path, "/tmp/a,b");
  EXPECT_EQ(meeting->node, 1u);
  EXPECT_EQ(meeting->nodes, 3u);
  for (const char* text : {"", "a", "a,1", "a,/2", "a,1/", ",0/2", "a,2/2", "a,0/1", "a,0/17", "a,-1/2", "a,0x0/2", "a/0,2"}) {
    auto bad = parseMeeting(text, "here");
    ASSERT_FALSE(bad) << text;
    EXPECT_EQ(bad.error().id, "bad-argument");
  }
}

TEST(Mesh, ConnectsEveryTwo) {
  const std::string path = placeFor("three");
  auto nodes = meshes(path, 3);
  for (unsigned from = 0; from < 3; ++from)
    for (unsigned to = 0; to < 3; ++to) {
      ASSERT_TRUE(nodes[from] && nodes[to]);
      const uint8_t packet[] = {uint8_t(from), uint8_t(to)};
      EXPECT_EQ(nodes[from]->send(to, packet, true), from != to);
    }
  std::vector<uint8_t> packet;
  for (unsigned from = 0; from < 3; ++from)
    for (unsigned to = 0; to < 3; ++to) {
      if (from == to) continue;
      ASSERT_TRUE(nodes[to]->receive(from, packet, true));
      EXPECT_EQ(packet, (std::vector<uint8_t>{uint8_t(from), uint8_t(to)}));
      EXPECT_FALSE(nodes[to]->receive(from, packet, false));
    }
  for (int node = 0; node < 3; ++node) EXPECT_NE(access((path + "." + std::to_string(node)).c_str(), F_OK), 0);  // nothing is left
}

TEST(Mesh, GivesWhatANodeSaidBeforeItWent) {
  auto nodes = meshes(placeFor("gone"), 2);
  const uint8_t packet[] = {7};
  ASSERT_TRUE(nodes[0]->send(1, packet, true));
  nodes[0].reset();
  std::vector<uint8_t> received;
  EXPECT_TRUE(nodes[1]->receive(0, received, true));
  EXPECT_FALSE(nodes[1]->receive(0, received, true));
  EXPECT_FALSE(nodes[1]->send(0, packet, true));
}

TEST(Mesh, ReplacesADeadNodesSocketButNoLivingOnes) {
  const std::string path = placeFor("stale");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, (path + ".0").c_str());
  const int handle = socket(AF_UNIX, SOCK_SEQPACKET, 0);
  ASSERT_EQ(bind(handle, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(listen(handle, 1), 0);
  auto mesh = Mesh::join({path, 0, 2});
  ASSERT_FALSE(mesh);
  EXPECT_EQ(mesh.error().text, "another process is this node");
  close(handle);
  auto nodes = meshes(path, 2);
  EXPECT_TRUE(nodes[0] && nodes[1]);
}

TEST(Mesh, RefusesLongPaths) {
  auto mesh = Mesh::join({std::string(120, 'x'), 0, 2});
  ASSERT_FALSE(mesh);
  EXPECT_EQ(mesh.error().id, "network");
}

TEST(LocalBus, NodesHearTheOneThatSends) {
  auto nodes = meshes(placeFor("bus"), 3);
  std::vector<std::vector<devices::BusSlot>> heard(3);
  std::vector<std::thread> threads;
  for (unsigned node = 0; node < 3; ++node)
    threads.emplace_back([&, node] {
      LocalBus bus(std::move(nodes[node]));
      const uint8_t message[] = {uint8_t(10 + node), 1};
      heard[node].push_back(bus.meet(0, node == 1, message));
      heard[node].push_back(bus.meet(1, node != 1, message));
      if (node == 2) return;  // it has gone
      heard[node].push_back(bus.meet(2, node == 0, message));
    });
  for (auto& thread : threads) thread.join();
  for (unsigned node = 0; node < 3; ++node) {
    EXPECT_EQ(heard[node][0].senders, 1u);
    EXPECT_EQ(heard[node][0].sender, 1u);
    EXPECT_EQ(heard[node][1].senders, 2u);
  }
  EXPECT_EQ(heard[0][0].length, 2u);
  EXPECT_EQ(heard[2][0].message[0], 11u);
  EXPECT_EQ(heard[1][2].senders, 1u);
  EXPECT_EQ(heard[1][2].message[0], 10u);
}

}  // namespace
}  // namespace network
