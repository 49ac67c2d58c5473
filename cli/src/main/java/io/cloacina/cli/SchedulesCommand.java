package io.cloacina.cli;

import picocli.CommandLine.Command;

@Command(
        name = "schedules",
        header = "List, store, fire, enable and disable schedules.",
        description = {
            "",
            "A schedule submits a workflow at the times of a cron expression. It is stored in",
            "the database: any runner that has the workflow fires it, each time once."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SchedulesListCommand.class,
            SchedulesShowCommand.class,
            SchedulesPutCommand.class,
            SchedulesFireCommand.class,
            SchedulesEnableCommand.class,
            SchedulesDisableCommand.class,
            SchedulesDeleteCommand.class,
            SchedulesNextCommand.class,
            SchedulesHistoryCommand.class,
            SchedulesStatisticsCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  cloacina schedules list --database sqlite:app.db",
            "  cloacina schedules put nightly --workflow report --cron \"0 2 * * *\"",
            "  cloacina schedules next nightly -n 3"
        })
final class SchedulesCommand extends GroupCommand {}
