package io.cloacina.cli;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.EventCursor;
import io.cloacina.engine.model.EventPage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "events",
        header = "Print what all processes have stored: submissions and ends, in order.",
        description = {
            "",
            "Executions that were submitted and that have ended, and tasks that have ended.",
            "An event is printed two seconds after it occurred, when no earlier event can",
            "still come. The stream needs three indexes, which --enable creates once: writers",
            "wait meanwhile, a second or two for a million executions."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina events --enable --database sqlite:app.db",
            "  cloacina events --since 02:00",
            "  cloacina events --follow",
            "  cloacina events --json --since 2026-03-08T07:00:00.000000Z_2_01900000-0000-…",
            "",
            "Exit codes:",
            "  0   success, also when there are none"
        })
final class EventsCommand extends EngineCommand {
    private static final int PAGE = 1_000;
    private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration USUALLY_SINCE = Duration.ofHours(1);

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Cursors.class,
            description = {
                "Only events since then: 2h or 3d ago, 02:00 (the last",
                "one), 2026-03-01 or 2026-03-01T17:05; or after one of",
                "them: its cursor, which --json prints.",
                "Default: 1h; with --follow: now"
            })
    private @Nullable EventCursor since;

    @Option(names = "--follow", description = "Also print new events, until ctrl-C.")
    private boolean isFollowing;

    @ArgGroup
    private @Nullable Switch turned;

    /** One of the two. */
    static final class Switch {
        @Option(names = "--enable", required = true, description = "Create the indexes of the stream, and end.")
        private boolean isEnabling;

        @Option(names = "--disable", required = true, description = "Drop the indexes of the stream, and end.")
        private boolean isDisabling;
    }

    /** A time, or the cursor of an event. */
    static final class Cursors implements ITypeConverter<EventCursor> {
        @Override
        public EventCursor convert(String text) {
            if (!text.contains("_")) {
                return EventCursor.since(new Values.PastInstants().convert(text));
            }
            try {
                return EventCursor.parse(text);
            } catch (CloacinaException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    @Override
    void check() {
        if (turned != null && (isFollowing || since != null)) {
            throw new ParameterException(
                    spec().commandLine(), "--enable and --disable print no events: leave --since and --follow out");
        }
    }

    @Override
    int run(Engine engine, Output output) {
        if (turned != null && turned.isEnabling) {
            engine.events().enable();
            output.line("the stream of events is enabled");
        } else if (turned != null && turned.isDisabling) {
            engine.events().disable();
            output.line("the stream of events is disabled");
        } else {
            print(engine, output);
        }
        return ExitCode.FINE;
    }

    private void print(Engine engine, Output output) {
        EventLines lines = new EventLines(output, true);
        EventCursor next = since;
        if (next == null) {
            Instant now = Instant.now();
            next = EventCursor.since(isFollowing ? now : now.minus(USUALLY_SINCE));
        }
        boolean isOver = false;
        Outage outage = new Outage(output, isFollowing);
        while (!isOver && !Thread.currentThread().isInterrupted()) {
            EventCursor from = next;
            EventPage page = outage.read(() -> engine.events().after(from, PAGE))
                    .orElseGet(() -> new EventPage(List.of(), from, false));
            page.events().forEach(lines::print);
            next = page.next();
            isOver = !page.isMore() && !isFollowing;
            if (!page.isMore() && isFollowing) {
                output.flush();
                LockSupport.parkNanos(BETWEEN_LOOKS);
            }
        }
        if (!isFollowing && !output.isJson()) {
            output.remark("later events: --since " + next);
        }
    }
}
