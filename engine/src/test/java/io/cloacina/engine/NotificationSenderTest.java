package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.internal.write.NotificationSender;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told to other processes, and when; time passes by hand. */
class NotificationSenderTest {
    private final SteppedTime time = new SteppedTime();
    private final List<String> sent = new ArrayList<>();
    private final NotificationSender sender = new NotificationSender(sent::add, time, time::nanos);

    @Test
    void the_first_notification_is_sent_at_once() {
        sender.ready(3);
        time.pass(Duration.ZERO);

        assertThat(sent).containsExactly("r3");
    }

    @Test
    void what_comes_within_a_pause_is_one_notification_at_its_end() {
        UniversalUuid ended = UniversalUuid.v7();
        UniversalUuid cancelled = UniversalUuid.v7();
        sender.ready(1);
        time.pass(Duration.ofMillis(1));
        sender.ready(2);
        sender.ready(7);
        sender.ready(5);
        sender.ended(List.of(ended, ended));
        sender.word("p");
        sender.cancelled(List.of(cancelled));
        time.pass(Duration.ofMillis(98));
        assertThat(sent).containsExactly("r1");

        time.pass(Duration.ofMillis(1));
        assertThat(sent).containsExactly("r1", "r7 p e" + ended + " c" + cancelled);
    }

    @Test
    void in_a_second_of_commits_ten_notifications_are_sent() {
        for (int i = 0; i < 999; i++) {
            sender.ready(0);
            time.pass(Duration.ofMillis(1));
        }

        assertThat(sent).hasSize(10);
    }

    @Test
    void after_a_pause_without_notifications_the_next_one_is_sent_at_once_again() {
        sender.ready(0);
        time.pass(Duration.ofSeconds(1));
        sender.word("s");
        time.pass(Duration.ZERO);

        assertThat(sent).containsExactly("r0", "s");
    }

    @Test
    void of_very_many_only_some_are_named_so_that_a_notification_can_hold_them() {
        List<UniversalUuid> many = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            many.add(UniversalUuid.v7());
        }
        sender.ended(many);
        sender.ended(many);
        sender.cancelled(many);
        sender.ready(2_000_000);
        time.pass(Duration.ZERO);

        assertThat(sent).singleElement().satisfies(notification -> {
            assertThat(notification).contains("e" + many.get(0), "c" + many.get(0));
            assertThat(notification.length()).isLessThan(7_000);
        });
    }

    @Test
    void what_waits_is_sent_at_the_end() {
        sender.ready(0);
        time.pass(Duration.ZERO);
        sender.word("h");
        sender.flush();
        sender.flush();

        assertThat(sent).containsExactly("r0", "h");
    }

    @Test
    void a_notification_that_cannot_be_sent_keeps_no_later_one_from_being_sent() {
        NotificationSender failing = new NotificationSender(
                text -> {
                    sent.add(text);
                    if (text.equals("r1")) {
                        throw new IllegalStateException("the database is away");
                    }
                },
                time,
                time::nanos);
        failing.ready(1);
        time.pass(Duration.ZERO);
        failing.ready(2);
        time.pass(Duration.ofSeconds(1));

        assertThat(sent).containsExactly("r1", "r2");
    }
}
