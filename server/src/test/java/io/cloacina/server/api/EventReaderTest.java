package io.cloacina.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.model.EventCursor;
import io.cloacina.engine.model.EventPage;
import io.cloacina.engine.model.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One thread reads for all streams: what it reads, and what each of them is told. */
class EventReaderTest {
    private static final Instant DAY = Instant.parse("2026-03-08T00:00:00Z");

    private final List<StoredEvent> stored = new ArrayList<>();
    private final List<EventCursor> reads = new ArrayList<>();
    private boolean isAway;
    private final EventStreams streams = new EventStreams(this::after);

    private EventPage after(EventCursor cursor, int limit) {
        reads.add(cursor);
        if (isAway) {
            throw new CloacinaException("DATABASE_CONNECTION", "away");
        }
        List<StoredEvent> all = stored.stream()
                .filter(event -> event.cursor().compareTo(cursor) > 0)
                .toList();
        List<StoredEvent> page = all.subList(0, Math.min(limit, all.size()));
        return new EventPage(
                page, page.isEmpty() ? cursor : page.get(page.size() - 1).cursor(), page.size() < all.size());
    }

    private void store(int number) {
        for (int i = 0; i < number; i++) {
            Instant at = DAY.plusSeconds(stored.size());
            stored.add(new StoredEvent.ExecutionSubmitted(
                    new UUID(0, stored.size()), "w", "1", 0, at, EventCursor.since(at)));
        }
    }

    private static final class Receiver extends EventReceiver {
        private final StringBuilder told = new StringBuilder();
        private boolean isSlow;
        private boolean isEnded;

        private Receiver(EventCursor from, boolean isBehind) {
            super(from, isBehind);
        }

        @Override
        void send(String text) {
            told.append(text);
        }

        @Override
        boolean isSlow() {
            return isSlow;
        }

        @Override
        void end() {
            isEnded = true;
        }

        @Override
        boolean isEnded() {
            return isEnded;
        }

        private long events() {
            return told.toString()
                    .lines()
                    .filter(line -> line.startsWith("id: "))
                    .count();
        }
    }

    private static List<EventReceiver> present(int number) {
        return IntStream.range(0, number)
                .<EventReceiver>mapToObj(i -> new Receiver(EventCursor.since(DAY.minusSeconds(i + 1)), false))
                .toList();
    }

    @Test
    void a_look_is_one_read_however_many_streams_there_are() {
        List<EventReceiver> many = present(50);
        streams.look(many);
        assertThat(reads).hasSize(1);

        store(3);
        reads.clear();
        streams.look(many);
        assertThat(reads).hasSize(1);
        assertThat(many).allMatch(stream -> ((Receiver) stream).events() == 3);
        reads.clear();
        streams.look(many);
        assertThat(reads).containsExactly(stored.get(2).cursor());
        assertThat(many).allMatch(stream -> ((Receiver) stream).events() == 3);
    }

    @Test
    void each_stream_is_told_only_what_comes_after_its_place() {
        store(10);
        Receiver early = new Receiver(stored.get(1).cursor(), false);
        Receiver late = new Receiver(stored.get(7).cursor(), false);

        streams.look(List.of(late, early));
        assertThat(early.events()).isEqualTo(8);
        assertThat(late.events()).isEqualTo(2);
        assertThat(early.told.toString()).endsWith(late.told.toString());
    }

    @Test
    void one_that_is_behind_reads_for_itself_until_it_has_caught_up_and_holds_up_nobody() {
        store(1_200);
        Receiver behind = new Receiver(EventCursor.beginning(), true);
        Receiver present = new Receiver(stored.get(1_199).cursor(), false);
        List<EventReceiver> both = List.of(behind, present);
        assertThat(streams.catchUp(both)).isTrue();
        store(1);
        streams.look(both);
        assertThat(present.events()).isEqualTo(1);
        assertThat(behind.events()).isEqualTo(500);

        behind.isSlow = true;
        assertThat(streams.catchUp(both)).isTrue();
        assertThat(behind.events()).isEqualTo(500);
        behind.isSlow = false;
        assertThat(streams.catchUp(both)).isTrue();
        assertThat(streams.catchUp(both)).isFalse();
        assertThat(behind.events()).isEqualTo(1_201);
        streams.look(both);
        assertThat(behind.events()).isEqualTo(1_201);
    }

    @Test
    void a_database_that_is_away_ends_no_stream_and_nothing_is_missed() {
        Receiver present = new Receiver(EventCursor.beginning(), false);
        Receiver behind = new Receiver(EventCursor.beginning(), true);
        List<EventReceiver> both = List.of(present, behind);
        store(2);
        isAway = true;
        streams.look(both);
        assertThat(streams.catchUp(both)).isFalse();
        assertThat(present.isEnded).isFalse();

        isAway = false;
        streams.look(both);
        assertThat(streams.catchUp(both)).isFalse();
        assertThat(present.events()).isEqualTo(2);
        assertThat(behind.events()).isEqualTo(2);
    }

    @Test
    void while_the_database_is_away_it_is_asked_once_a_second_however_many_are_behind() {
        List<EventReceiver> behind = IntStream.range(0, 50)
                .<EventReceiver>mapToObj(i -> new Receiver(EventCursor.beginning(), true))
                .toList();
        isAway = true;
        assertThat(streams.catchUp(behind)).as("there is more to read at once").isFalse();
        assertThat(reads).hasSize(1);

        isAway = false;
        store(1);
        assertThat(streams.catchUp(behind)).isFalse();
        assertThat(behind).allMatch(stream -> ((Receiver) stream).events() == 1);
    }

    @Test
    void a_stream_that_comes_when_all_are_closed_is_ended() {
        streams.close();
        Receiver late = new Receiver(EventCursor.beginning(), false);
        streams.add(late);

        assertThat(late.isEnded).isTrue();
    }
}
