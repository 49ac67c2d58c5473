package io.cloacina.benchmarks.peers;

import io.cloacina.benchmarks.Place;
import io.cloacina.schema.database.DatabaseUrl;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Measures the libraries in turns, one at a time. */
final class PeersRun {
    private final @Nullable DatabaseUrl url;
    private final @Nullable String given;
    private final Set<Part> parts;
    private final PeersSettings settings;
    private final Consumer<String> progress;

    /** @param given {@code url} as it was given; both are null for a temporary SQLite file */
    PeersRun(
            @Nullable DatabaseUrl url,
            @Nullable String given,
            Set<Part> parts,
            PeersSettings settings,
            Consumer<String> progress) {
        this.url = url;
        this.given = given;
        this.parts = parts;
        this.settings = settings;
        this.progress = progress;
    }

    /** Those that can use that database. */
    List<Contender> contenders() {
        return Arrays.stream(Contender.values())
                .filter(contender -> url instanceof DatabaseUrl.Postgres
                        || contender.whyNotOnSqlite().isEmpty())
                .toList();
    }

    /** The results of all rounds. */
    Map<Contender, List<PeerChild.Result>> run() throws SQLException, IOException, InterruptedException {
        Map<Contender, List<PeerChild.Result>> results = new EnumMap<>(Contender.class);
        for (int round = 0; round < settings.rounds() && !partsOf(round).isEmpty(); round++) {
            List<Contender> turns = new ArrayList<>(contenders());
            // Each begins once: what the one before leaves to the server does not always meet the same.
            Collections.rotate(turns, -round);
            for (Contender contender : turns) {
                progress.accept(String.format("round %d: %s", round + 1, contender.label()));
                try (Place place = Place.of(url, given)) {
                    String own = place.url("peer");
                    results.computeIfAbsent(contender, any -> new ArrayList<>())
                            .add(PeerChild.run(new PeerChild.Order(contender, own, partsOf(round), settings)));
                }
            }
        }
        return results;
    }

    /** What happens when nothing happens does not change: once is enough. */
    private Set<Part> partsOf(int round) {
        Set<Part> all = EnumSet.copyOf(parts);
        if (round > 0) {
            all.remove(Part.IDLE);
        }
        return all;
    }
}
