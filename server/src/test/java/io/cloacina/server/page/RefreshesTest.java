package io.cloacina.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Open pages are read again as far as their share of the time goes. */
class RefreshesTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicLong now = new AtomicLong();
    private final Refreshes refreshes = new Refreshes(now::get, 2);

    /** How many of pages that take so long are read in a minute, when one is asked for that often. */
    private int read(long everyMillis, long tookMillis) {
        int read = 0;
        for (long at = 0; at < 60_000; at += everyMillis) {
            if (refreshes.mayBegin()) {
                refreshes.took(tookMillis * MILLI);
                read++;
            }
            now.addAndGet(everyMillis * MILLI);
        }
        return read;
    }

    @Test
    void one_page_that_is_quickly_made_is_always_read() {
        assertThat(read(3_000, 60)).isEqualTo(20);
    }

    @Test
    void many_pages_take_one_percent_of_two_processors() {
        int took = 20;
        assertThat(read(150, took) * took).isBetween(1_200, 1_200 + 200 + took);
    }

    @Test
    void a_page_that_takes_long_is_read_less_often_and_not_never() {
        assertThat(read(3_000, 1_000)).isBetween(1, 3);
    }
}
