package io.cloacina.engine;

import io.cloacina.schema.database.Database;

/** What most parts of an engine need. */
record SharedParts(
        Database database,
        Settings settings,
        Workflows workflows,
        Lease lease,
        Waiting waiting,
        Slots slots,
        Hinting hinting,
        Timer timer,
        OwnThreads own) {}
