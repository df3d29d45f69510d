#include "runtime/stop.h"

#include <signal.h>

#include "tests/unit/support.h"

enum { LONG_MS = 10 * 60 * 1000 }; /* nobody waits for so long */

TEST(a_wait_passes_without_the_wish) {
  CHECK("set up", runtime_stop_setup());
  CHECK("nobody wishes", !runtime_stop_wait(1));
  runtime_stop_teardown();
}

TEST(the_wish_ends_a_wait) {
  CHECK("set up", runtime_stop_setup());
  (void)raise(SIGTERM);
  CHECK("raised before", runtime_stop_wait(LONG_MS));
  CHECK("it stays", runtime_stop_wait(LONG_MS));
  runtime_stop_teardown();
}

TEST(the_next_run_knows_nothing_of_the_wish) {
  CHECK("set up", runtime_stop_setup());
  runtime_stop_raise();
  runtime_stop_teardown();
  CHECK("set up again", runtime_stop_setup());
  CHECK("nobody wishes", !runtime_stop_is_raised() && !runtime_stop_wait(1));
  runtime_stop_teardown();
}

RUN_TESTS(cmocka_unit_test(a_wait_passes_without_the_wish), cmocka_unit_test(the_wish_ends_a_wait),
          cmocka_unit_test(the_next_run_knows_nothing_of_the_wish))
