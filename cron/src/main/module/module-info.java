/** When cron expressions fire. */
module io.cloacina.cron {
    requires transitive io.cloacina.api;
    requires static org.jspecify;

    exports io.cloacina.cron;
}
