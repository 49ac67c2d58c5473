package io.cloacina.engine.internal.packages;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.host.Deadline;
import io.cloacina.engine.internal.json.ErrorText;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.PackageStore;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads packages, each in a thread of its own, so that a package whose code hangs delays nothing else. Remembers which packages
 * cannot be loaded and why. Used by one thread at a time.
 */
public final class PackageLoading {
    private static final Logger LOG = LoggerFactory.getLogger(PackageLoading.class);

    /** When reading the bytes of a package is retried. None of its code has run, and the bytes may be readable later. */
    private static final long READ_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final PackageLoader loader;
    private final long atMostNanos;
    private final Map<UniversalUuid, UnderWay> underWay = new LinkedHashMap<>();
    private final Map<UniversalUuid, Refused> refused = new LinkedHashMap<>();

    private record UnderWay(PackageStore.Header stored, FutureTask<List<Workflow>> task, long since) {}

    private record Refused(UniversalTimestamp updatedAt, String reason, Again again, long at) {}

    /** When a package that cannot be loaded is retried without being uploaded again. */
    enum Again {
        NEVER("it is not retried until it is uploaded again"),
        SOON("it is retried"),
        WHEN_NAMES_ARE_FREE("it is retried when that name is free");

        private final String text;

        Again(String text) {
            this.text = text;
        }
    }

    /** {@code atMost}: how long loading a package may take. */
    public PackageLoading(PackageLoader loader, Duration atMost) {
        this.loader = loader;
        this.atMostNanos = atMost.toNanos();
    }

    /** Starts loading new packages, and returns those that are loaded within {@code patience}, in their order. */
    Map<PackageStore.Header, List<Workflow>> load(Collection<PackageStore.Header> missing, Duration patience) {
        for (PackageStore.Header each : missing) {
            if (!underWay.containsKey(each.id()) && !isRefused(each)) {
                begin(each);
            }
        }
        await(patience);
        Map<PackageStore.Header, List<Workflow>> done = new LinkedHashMap<>();
        for (UnderWay each : List.copyOf(underWay.values())) {
            if (each.task.isDone()) {
                underWay.remove(each.stored.id());
                List<Workflow> its = result(each);
                if (its != null) {
                    done.put(each.stored, its);
                }
            } else if (System.nanoTime() - each.since > atMostNanos) {
                underWay.remove(each.stored.id());
                each.task.cancel(true);
                refuse(
                        each.stored,
                        each.stored.what() + " cannot be loaded: its workflows were not created within "
                                + Arguments.span(Duration.ofNanos(atMostNanos)),
                        Again.NEVER);
            }
        }
        return done;
    }

    private boolean isRefused(PackageStore.Header stored) {
        Refused before = refused.get(stored.id());
        return before != null && before.updatedAt.equals(stored.updatedAt()) && !isRetryDue(before);
    }

    private static boolean isRetryDue(Refused refused) {
        return refused.again == Again.SOON && System.nanoTime() - refused.at > READ_AGAIN_NANOS;
    }

    /** Whether it is time to read a package again that could not be read. */
    boolean isRetryDue() {
        return refused.values().stream().anyMatch(PackageLoading::isRetryDue);
    }

    private void begin(PackageStore.Header stored) {
        refused.remove(stored.id());
        FutureTask<List<Workflow>> task = PackageLoader.begin(stored.what(), () -> loader.load(stored));
        underWay.put(stored.id(), new UnderWay(stored, task, System.nanoTime()));
    }

    /** Waits until all are loaded or the time is over; unfinished loads continue. */
    private void await(Duration patience) {
        Deadline.in(patience).awaitSeen(() -> underWay.values().stream().allMatch(each -> each.task.isDone()));
    }

    /** The loaded workflows; null if loading failed. */
    private @Nullable List<Workflow> result(UnderWay done) {
        try {
            return PackageLoader.resultOf(done.task);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof DatabaseException away && away.kind().isRetryable()) {
                // Not a fault of the package: the next check retries it.
                LOG.warn("{} could not be read, and will be: {}", done.stored.what(), away.getMessage());
                return null;
            }
            boolean isUnread = cause instanceof DatabaseException
                    || (cause instanceof CloacinaException known && known.code().equals(ErrorCodes.PACKAGE_UNREADABLE));
            refuse(done.stored, PackageLoader.said(cause), isUnread ? Again.SOON : Again.NEVER);
            return null;
        }
    }

    /** Remembers that a package cannot be loaded. */
    void refuse(PackageStore.Header stored, String reason, Again again) {
        String text = ErrorText.storable(reason);
        refused.put(stored.id(), new Refused(stored.updatedAt(), text, again, System.nanoTime()));
        LOG.error("{}; {}", text, again.text);
    }

    void forgetAllBut(Set<UniversalUuid> ids) {
        refused.keySet().retainAll(ids);
        underWay.values().stream()
                .filter(each -> !ids.contains(each.stored.id()))
                .forEach(each -> each.task.cancel(true));
        underWay.keySet().retainAll(ids);
    }

    /** Lets packages be retried that could not be loaded because another package had the name of one of their workflows. */
    void forgetConflicts() {
        refused.values().removeIf(each -> each.again == Again.WHEN_NAMES_ARE_FREE);
    }

    boolean isUnderWay() {
        return !underWay.isEmpty();
    }

    boolean isLoading(UniversalUuid id) {
        return underWay.containsKey(id);
    }

    /** The packages that cannot be loaded and why, as a JSON array of pairs; null if there are none. */
    @Nullable
    String problems() {
        if (refused.isEmpty()) {
            return null;
        }
        ArrayNode pairs = JsonContext.array();
        refused.forEach((id, why) -> pairs.addArray().add(id.toString()).add(why.reason));
        return pairs.toString();
    }
}
