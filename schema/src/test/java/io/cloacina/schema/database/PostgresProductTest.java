package io.cloacina.schema.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresProductTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0) 12.2.0,"
                        + " 64-bit",
                "PostgreSQL 15.4 on x86_64-pc-linux-gnu, compiled by x86_64-pc-linux-gnu-gcc (GCC) 9.5.0, 64-bit",
                "PostgreSQL 16.3, compiled by Visual C++ build 1938, 64-bit",
                "PostgreSQL 17.5 (6bc9ef8) on aarch64-unknown-linux-gnu, compiled by gcc (Debian 12.2.0) 12.2.0, 64-bit",
                "PostgreSQL 18beta1 on x86_64-pc-linux-gnu",
                "PostgreSQL 18rc1 on x86_64-pc-linux-gnu",
                "PostgreSQL 19devel on x86_64-pc-linux-gnu",
                "PostgreSQL 18"
            })
    void aPostgresFrom15OnIsAccepted(String version) {
        assertThatCode(() -> PostgresProduct.require(version, "db")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CockroachDB|CockroachDB CCL v23.2.1 (x86_64-pc-linux-gnu, built 2024/02/14 19:53:08, go1.21.5)",
                "YugabyteDB|PostgreSQL 11.2-YB-2.20.1.0-b0 on x86_64-pc-linux-gnu, compiled by clang version 16, 64-bit",
                "YugabyteDB|PostgreSQL 15.2-YB-2025.1.0.0-b0 on x86_64-pc-linux-gnu, compiled by clang version 17, 64-bit",
                "Redshift|PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2, Redshift 1.0.60353",
                "Greenplum|PostgreSQL 12.12 (Greenplum Database 7.0.0 build commit:0a7a3566) on x86_64-pc-linux-gnu",
                "Materialize|PostgreSQL 9.5.0 on x86_64-unknown-linux-gnu (Materialize 0.110.0)",
                "RisingWave|PostgreSQL 13.14.0-RisingWave-2.0.0 (e4b2ee8)",
                "QuestDB|PostgreSQL 12.3, compiled by Visual C++ build 1914, 64-bit, QuestDB",
                "openGauss|(openGauss 5.0.0 build a07d57c3) compiled at 2023-03-29 03:07:56 commit 0 last mr",
                "CrateDB|CrateDB 5.6.1 (built 4a9bd4c/NA, Linux 5.15 amd64, OpenJDK 64-Bit Server VM 21.0.2)",
                "PostgreSQL-like|PostgreSQL-like 15"
            })
    void anotherProductIsRefusedByItsName(String product, String version) {
        DatabaseException refused = refused(version);

        assertThat(refused.code()).isEqualTo("DATABASE_UNSUPPORTED");
        assertThat(refused)
                .hasMessageStartingWith("db is served by " + product)
                .hasMessageContaining("advisory locks")
                .hasMessageContaining(version)
                .hasMessageContaining("Use a database of a PostgreSQL server");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "14|PostgreSQL 14.11 (Ubuntu 14.11-0ubuntu0.22.04.1) on x86_64-pc-linux-gnu",
                "9|PostgreSQL 9.6.24 on x86_64-pc-linux-gnu"
            })
    void anOlderPostgresIsRefused(String major, String version) {
        assertThat(refused(version))
                .hasMessageContaining("db is served by PostgreSQL " + major)
                .hasMessageContaining("15 and newer")
                .hasMessageContaining("Upgrade the server");
    }

    private static DatabaseException refused(String version) {
        DatabaseException refused =
                catchThrowableOfType(DatabaseException.class, () -> PostgresProduct.require(version, "db"));
        assertThat(refused.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
        return refused;
    }
}
