package io.cloacina.schema.type;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class UuidV7SequenceTest {
    private static final Instant NOON = Instant.parse("2024-02-29T12:00:00Z");

    private Instant clock = NOON;
    private final UuidV7Sequence sequence = new UuidV7Sequence(() -> clock, new SplittableRandom(41));

    @Test
    void has_the_milliseconds_the_version_and_the_variant_in_their_bits() {
        for (int round = 0; round < 10_000; round++) {
            clock = clock.plusNanos(1_234_567);
            UUID uuid = sequence.next();
            assertThat(uuid.getMostSignificantBits() >>> 16).isEqualTo(clock.toEpochMilli());
            assertThat(uuid.version()).isEqualTo(7);
            assertThat(uuid.variant()).isEqualTo(2);
        }
    }

    @Test
    void has_the_fraction_of_the_millisecond_in_the_twelve_bits_after_the_version() {
        assertThat(fraction(sequence.next())).isZero();
        clock = NOON.plusNanos(250_000);
        assertThat(fraction(sequence.next())).isEqualTo(1024);
        clock = NOON.plusNanos(500_000);
        assertThat(fraction(sequence.next())).isEqualTo(2048);
        clock = NOON.plusNanos(999_999);
        assertThat(fraction(sequence.next())).isEqualTo(4095);
    }

    @Test
    void increases_while_the_clock_stands_still_and_carries_into_the_milliseconds() {
        UniversalUuid previous = UniversalUuid.NIL;
        for (int round = 0; round < 5_000; round++) {
            UniversalUuid next = UniversalUuid.of(sequence.next());
            assertThat(next).isGreaterThan(previous);
            previous = next;
        }
        assertThat(previous.value().getMostSignificantBits() >>> 16).isEqualTo(NOON.toEpochMilli() + 1);
        assertThat(fraction(previous.value())).isEqualTo(4_999 - 4_096);
        assertThat(previous.value().version()).isEqualTo(7);
    }

    @Test
    void increases_when_the_clock_steps_back_and_follows_it_again_later() {
        UniversalUuid atNoon = UniversalUuid.of(sequence.next());
        clock = NOON.minusSeconds(3_600);
        UniversalUuid afterStep = UniversalUuid.of(sequence.next());
        assertThat(afterStep).isGreaterThan(atNoon);
        clock = NOON.plusSeconds(1);
        UniversalUuid later = UniversalUuid.of(sequence.next());
        assertThat(later).isGreaterThan(afterStep);
        assertThat(later.value().getMostSignificantBits() >>> 16).isEqualTo(clock.toEpochMilli());
    }

    @Test
    void fills_the_rest_with_random_bits() {
        long ones = 0;
        long zeros = 0;
        Set<Long> halves = new HashSet<>();
        for (int round = 0; round < 10_000; round++) {
            long low = sequence.next().getLeastSignificantBits();
            ones |= low;
            zeros |= ~low;
            halves.add(low);
        }
        assertThat(ones).isEqualTo(0xbfff_ffff_ffff_ffffL);
        assertThat(zeros).isEqualTo(0x7fff_ffff_ffff_ffffL);
        assertThat(halves).hasSize(10_000);
    }

    @Test
    void that_of_the_process_is_of_the_current_time() {
        long before = System.currentTimeMillis();
        UUID uuid = UniversalUuid.v7().value();
        long after = System.currentTimeMillis();
        // Ids made in a burst by other tests may have carried the counter a little ahead of the clock.
        assertThat(uuid.getMostSignificantBits() >>> 16).isBetween(before, after + 1_000);
        assertThat(uuid.version()).isEqualTo(7);
        assertThat(uuid.variant()).isEqualTo(2);
    }

    @Test
    void is_unique_and_increasing_in_every_thread_at_once() throws InterruptedException, ExecutionException {
        int threads = 4;
        int perThread = 25_000;
        CountDownLatch start = new CountDownLatch(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<List<UniversalUuid>>> futures = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                futures.add(executor.submit(() -> {
                    start.countDown();
                    start.await();
                    List<UniversalUuid> made = new ArrayList<>(perThread);
                    for (int round = 0; round < perThread; round++) {
                        made.add(UniversalUuid.v7());
                    }
                    return made;
                }));
            }
            Set<UniversalUuid> all = new HashSet<>();
            UniversalUuid greatest = UniversalUuid.NIL;
            for (Future<List<UniversalUuid>> future : futures) {
                List<UniversalUuid> made = future.get();
                assertThat(isStrictlyIncreasing(made)).isTrue();
                all.addAll(made);
                UniversalUuid last = made.get(perThread - 1);
                greatest = last.compareTo(greatest) > 0 ? last : greatest;
            }
            assertThat(all).hasSize(threads * perThread);
            assertThat(UniversalUuid.v7()).isGreaterThan(greatest);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void increases_from_one_thread_to_the_next() throws InterruptedException, ExecutionException {
        List<UniversalUuid> inOrder = new ArrayList<>();
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                futures.add(executor.submit(() -> {
                    for (int round = 0; round < 5_000; round++) {
                        synchronized (inOrder) {
                            inOrder.add(UniversalUuid.v7());
                        }
                    }
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(inOrder).hasSize(20_000);
        assertThat(isStrictlyIncreasing(inOrder)).isTrue();
    }

    private static boolean isStrictlyIncreasing(List<UniversalUuid> uuids) {
        for (int index = 1; index < uuids.size(); index++) {
            if (uuids.get(index - 1).compareTo(uuids.get(index)) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static long fraction(UUID uuid) {
        return uuid.getMostSignificantBits() & 0xfff;
    }
}
