CREATE TABLE schema_migrations (
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at TEXT NOT NULL,
    CONSTRAINT schema_migrations_pkey PRIMARY KEY (version),
    CONSTRAINT schema_migrations_version_type CHECK (version BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT schema_migrations_name_check CHECK (length(name) <= 200),
    CONSTRAINT schema_migrations_checksum_check CHECK (length(checksum) <= 64),
    CONSTRAINT schema_migrations_applied_at_type CHECK (length(applied_at) = 27)
) STRICT;
CREATE TABLE contexts (
    id BLOB NOT NULL,
    value TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT contexts_pkey PRIMARY KEY (id),
    CONSTRAINT contexts_id_type CHECK (length(id) = 16),
    CONSTRAINT contexts_created_at_type CHECK (length(created_at) = 27),
    CONSTRAINT contexts_updated_at_type CHECK (length(updated_at) = 27)
) STRICT;
CREATE TABLE runners (
    id BLOB NOT NULL,
    host TEXT NOT NULL,
    boot_id TEXT NOT NULL,
    pid INTEGER NOT NULL,
    process_start TEXT NOT NULL,
    workflows TEXT NOT NULL,
    heartbeats INTEGER NOT NULL,
    heartbeat_at TEXT NOT NULL,
    lease_expires_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    package_problems TEXT,
    slots INTEGER,
    closing INTEGER,
    measured INTEGER,
    CONSTRAINT runners_pkey PRIMARY KEY (id),
    CONSTRAINT runners_id_type CHECK (length(id) = 16),
    CONSTRAINT runners_host_check CHECK (length(host) <= 255),
    CONSTRAINT runners_boot_id_check CHECK (length(boot_id) <= 64),
    CONSTRAINT runners_process_start_check CHECK (length(process_start) <= 64),
    CONSTRAINT runners_heartbeat_at_type CHECK (length(heartbeat_at) = 27),
    CONSTRAINT runners_lease_expires_at_type CHECK (length(lease_expires_at) = 27),
    CONSTRAINT runners_created_at_type CHECK (length(created_at) = 27),
    CONSTRAINT runners_slots_type CHECK (slots BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT runners_closing_type CHECK (closing IN (0, 1)),
    CONSTRAINT runners_measured_type CHECK (measured IN (0, 1))
) STRICT;
CREATE TABLE pipeline_executions (
    id BLOB NOT NULL,
    pipeline_name TEXT NOT NULL,
    pipeline_version TEXT NOT NULL,
    status TEXT NOT NULL,
    context_id BLOB,
    started_at TEXT,
    completed_at TEXT,
    error_details TEXT,
    recovery_attempts INTEGER NOT NULL,
    last_recovery_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    leaves_remaining INTEGER NOT NULL,
    tasks_failed INTEGER NOT NULL,
    idempotency_key TEXT,
    priority INTEGER NOT NULL,
    start_after TEXT,
    paused_at TEXT,
    pause_reason TEXT,
    origin TEXT NOT NULL,
    parent_task_id BLOB,
    restarted_from BLOB,
    CONSTRAINT pipeline_executions_pkey PRIMARY KEY (id),
    CONSTRAINT pipeline_executions_context_id_fkey FOREIGN KEY (context_id) REFERENCES contexts (id) ON DELETE CASCADE,
    CONSTRAINT pipeline_executions_id_type CHECK (length(id) = 16),
    CONSTRAINT pipeline_executions_pipeline_name_check CHECK (length(pipeline_name) <= 200),
    CONSTRAINT pipeline_executions_pipeline_version_check CHECK (length(pipeline_version) <= 100),
    CONSTRAINT pipeline_executions_status_check CHECK (status IN ('Pending', 'Running', 'Completed', 'Failed', 'Cancelled', 'Paused')),
    CONSTRAINT pipeline_executions_context_id_type CHECK (length(context_id) = 16),
    CONSTRAINT pipeline_executions_started_at_type CHECK (length(started_at) = 27),
    CONSTRAINT pipeline_executions_completed_at_type CHECK (length(completed_at) = 27),
    CONSTRAINT pipeline_executions_recovery_attempts_type CHECK (recovery_attempts BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT pipeline_executions_last_recovery_at_type CHECK (length(last_recovery_at) = 27),
    CONSTRAINT pipeline_executions_created_at_type CHECK (length(created_at) = 27),
    CONSTRAINT pipeline_executions_updated_at_type CHECK (length(updated_at) = 27),
    CONSTRAINT pipeline_executions_leaves_remaining_type CHECK (leaves_remaining BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT pipeline_executions_tasks_failed_type CHECK (tasks_failed BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT pipeline_executions_idempotency_key_check CHECK (length(idempotency_key) <= 200),
    CONSTRAINT pipeline_executions_priority_type CHECK (priority BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT pipeline_executions_start_after_type CHECK (length(start_after) = 27),
    CONSTRAINT pipeline_executions_paused_at_type CHECK (length(paused_at) = 27),
    CONSTRAINT pipeline_executions_origin_check CHECK (origin IN ('submit', 'schedule', 'task')),
    CONSTRAINT pipeline_executions_parent_task_id_type CHECK (length(parent_task_id) = 16),
    CONSTRAINT pipeline_executions_restarted_from_type CHECK (length(restarted_from) = 16),
    CONSTRAINT pipeline_executions_counters_check CHECK (leaves_remaining >= 0 AND tasks_failed >= 0 AND recovery_attempts >= 0)
) STRICT;
CREATE UNIQUE INDEX pipeline_executions_idempotency_key_pipeline_name_key ON pipeline_executions (idempotency_key, pipeline_name) WHERE idempotency_key IS NOT NULL;
CREATE INDEX pipeline_executions_context_idx ON pipeline_executions (context_id) WHERE context_id IS NOT NULL;
CREATE INDEX pipeline_executions_unfinished_idx ON pipeline_executions (pipeline_name, pipeline_version, id) WHERE status IN ('Pending', 'Running', 'Paused');
CREATE INDEX pipeline_executions_paused_idx ON pipeline_executions (paused_at) WHERE paused_at IS NOT NULL;
CREATE INDEX pipeline_executions_ended_badly_idx ON pipeline_executions (id) WHERE status IN ('Failed', 'Cancelled');
CREATE INDEX pipeline_executions_parent_idx ON pipeline_executions (parent_task_id) WHERE parent_task_id IS NOT NULL;
CREATE TABLE task_executions (
    id BLOB NOT NULL,
    pipeline_execution_id BLOB NOT NULL,
    task_name TEXT NOT NULL,
    status TEXT NOT NULL,
    started_at TEXT,
    completed_at TEXT,
    attempt INTEGER NOT NULL,
    max_attempts INTEGER NOT NULL,
    error_details TEXT,
    trigger_rules TEXT NOT NULL,
    task_configuration TEXT NOT NULL,
    retry_at TEXT,
    last_error TEXT,
    recovery_attempts INTEGER NOT NULL,
    last_recovery_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    dependencies_remaining INTEGER NOT NULL,
    dependencies_unmet INTEGER NOT NULL,
    claimed_by BLOB,
    pipeline_name TEXT NOT NULL,
    pipeline_version TEXT NOT NULL,
    priority INTEGER NOT NULL,
    due_at TEXT,
    paused INTEGER NOT NULL,
    waits_for TEXT,
    signal_name TEXT,
    children_remaining INTEGER NOT NULL,
    parent_task_id BLOB,
    element_index INTEGER,
    element TEXT,
    limit_keys TEXT,
    dependencies TEXT,
    CONSTRAINT task_executions_pkey PRIMARY KEY (id),
    CONSTRAINT task_executions_pipeline_execution_id_fkey FOREIGN KEY (pipeline_execution_id) REFERENCES pipeline_executions (id) ON DELETE CASCADE,
    CONSTRAINT task_executions_claimed_by_fkey FOREIGN KEY (claimed_by) REFERENCES runners (id),
    CONSTRAINT task_executions_parent_task_id_fkey FOREIGN KEY (parent_task_id) REFERENCES task_executions (id) ON DELETE CASCADE,
    CONSTRAINT task_executions_id_type CHECK (length(id) = 16),
    CONSTRAINT task_executions_pipeline_execution_id_type CHECK (length(pipeline_execution_id) = 16),
    CONSTRAINT task_executions_task_name_check CHECK (length(task_name) <= 200),
    CONSTRAINT task_executions_status_check CHECK (status IN ('NotStarted', 'Ready', 'Running', 'Waiting', 'Completed', 'Failed', 'Skipped', 'Cancelled')),
    CONSTRAINT task_executions_started_at_type CHECK (length(started_at) = 27),
    CONSTRAINT task_executions_completed_at_type CHECK (length(completed_at) = 27),
    CONSTRAINT task_executions_attempt_type CHECK (attempt BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT task_executions_max_attempts_type CHECK (max_attempts BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT task_executions_retry_at_type CHECK (length(retry_at) = 27),
    CONSTRAINT task_executions_recovery_attempts_type CHECK (recovery_attempts BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT task_executions_last_recovery_at_type CHECK (length(last_recovery_at) = 27),
    CONSTRAINT task_executions_created_at_type CHECK (length(created_at) = 27),
    CONSTRAINT task_executions_updated_at_type CHECK (length(updated_at) = 27),
    CONSTRAINT task_executions_dependencies_remaining_type CHECK (dependencies_remaining BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT task_executions_dependencies_unmet_type CHECK (dependencies_unmet BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT task_executions_claimed_by_type CHECK (length(claimed_by) = 16),
    CONSTRAINT task_executions_pipeline_name_check CHECK (length(pipeline_name) <= 200),
    CONSTRAINT task_executions_pipeline_version_check CHECK (length(pipeline_version) <= 100),
    CONSTRAINT task_executions_priority_type CHECK (priority BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT task_executions_due_at_type CHECK (length(due_at) = 27),
    CONSTRAINT task_executions_paused_type CHECK (paused IN (0, 1)),
    CONSTRAINT task_executions_waits_for_check CHECK (waits_for IN ('Time', 'Signal', 'Children')),
    CONSTRAINT task_executions_signal_name_check CHECK (length(signal_name) <= 200),
    CONSTRAINT task_executions_children_remaining_type CHECK (children_remaining BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT task_executions_parent_task_id_type CHECK (length(parent_task_id) = 16),
    CONSTRAINT task_executions_element_index_type CHECK (element_index BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT task_executions_counters_check CHECK (attempt >= 0 AND max_attempts >= 1 AND recovery_attempts >= 0 AND dependencies_remaining >= 0 AND dependencies_unmet >= 0 AND children_remaining >= 0)
) STRICT;
CREATE UNIQUE INDEX task_executions_pipeline_execution_id_task_name_key ON task_executions (pipeline_execution_id, task_name);
CREATE INDEX task_executions_ready_idx ON task_executions (pipeline_name, pipeline_version, priority DESC, id) WHERE status = 'Ready' AND due_at IS NULL AND paused = 0 AND limit_keys IS NULL;
CREATE INDEX task_executions_limited_idx ON task_executions (pipeline_name, pipeline_version, limit_keys, priority DESC, id) WHERE status = 'Ready' AND due_at IS NULL AND paused = 0 AND limit_keys IS NOT NULL;
CREATE INDEX task_executions_due_idx ON task_executions (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX task_executions_waiting_idx ON task_executions (waits_for, id) WHERE status = 'Waiting';
CREATE INDEX task_executions_claimed_idx ON task_executions (claimed_by) WHERE claimed_by IS NOT NULL;
CREATE INDEX task_executions_elements_waiting_idx ON task_executions (parent_task_id, element_index) WHERE parent_task_id IS NOT NULL AND status = 'NotStarted';
CREATE INDEX task_executions_elements_idx ON task_executions (parent_task_id, element_index) WHERE parent_task_id IS NOT NULL;
CREATE TABLE task_execution_metadata (
    id BLOB NOT NULL,
    task_execution_id BLOB NOT NULL,
    pipeline_execution_id BLOB NOT NULL,
    task_name TEXT NOT NULL,
    context_id BLOB,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT task_execution_metadata_pkey PRIMARY KEY (id),
    CONSTRAINT task_execution_metadata_task_execution_id_fkey FOREIGN KEY (task_execution_id) REFERENCES task_executions (id) ON DELETE CASCADE,
    CONSTRAINT task_execution_metadata_pipeline_execution_id_fkey FOREIGN KEY (pipeline_execution_id) REFERENCES pipeline_executions (id) ON DELETE CASCADE,
    CONSTRAINT task_execution_metadata_context_id_fkey FOREIGN KEY (context_id) REFERENCES contexts (id) ON DELETE CASCADE,
    CONSTRAINT task_execution_metadata_id_type CHECK (length(id) = 16),
    CONSTRAINT task_execution_metadata_task_execution_id_type CHECK (length(task_execution_id) = 16),
    CONSTRAINT task_execution_metadata_pipeline_execution_id_type CHECK (length(pipeline_execution_id) = 16),
    CONSTRAINT task_execution_metadata_task_name_check CHECK (length(task_name) <= 200),
    CONSTRAINT task_execution_metadata_context_id_type CHECK (length(context_id) = 16),
    CONSTRAINT task_execution_metadata_created_at_type CHECK (length(created_at) = 27),
    CONSTRAINT task_execution_metadata_updated_at_type CHECK (length(updated_at) = 27)
) STRICT;
CREATE UNIQUE INDEX task_execution_metadata_task_execution_id_key ON task_execution_metadata (task_execution_id);
CREATE UNIQUE INDEX task_execution_metadata_pipeline_execution_id_task_name_key ON task_execution_metadata (pipeline_execution_id, task_name);
CREATE INDEX task_execution_metadata_context_idx ON task_execution_metadata (context_id) WHERE context_id IS NOT NULL;
CREATE TABLE recovery_events (
    id BLOB NOT NULL,
    pipeline_execution_id BLOB NOT NULL,
    task_execution_id BLOB,
    recovery_type TEXT NOT NULL,
    recovered_at TEXT NOT NULL,
    details TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT recovery_events_pkey PRIMARY KEY (id),
    CONSTRAINT recovery_events_pipeline_execution_id_fkey FOREIGN KEY (pipeline_execution_id) REFERENCES pipeline_executions (id) ON DELETE CASCADE,
    CONSTRAINT recovery_events_task_execution_id_fkey FOREIGN KEY (task_execution_id) REFERENCES task_executions (id) ON DELETE CASCADE,
    CONSTRAINT recovery_events_id_type CHECK (length(id) = 16),
    CONSTRAINT recovery_events_pipeline_execution_id_type CHECK (length(pipeline_execution_id) = 16),
    CONSTRAINT recovery_events_task_execution_id_type CHECK (length(task_execution_id) = 16),
    CONSTRAINT recovery_events_recovery_type_check CHECK (recovery_type IN ('task_reset', 'task_abandoned', 'version_changed', 'workflow_unavailable', 'pipeline_failed')),
    CONSTRAINT recovery_events_recovered_at_type CHECK (length(recovered_at) = 27),
    CONSTRAINT recovery_events_created_at_type CHECK (length(created_at) = 27),
    CONSTRAINT recovery_events_updated_at_type CHECK (length(updated_at) = 27)
) STRICT;
CREATE INDEX recovery_events_execution_idx ON recovery_events (pipeline_execution_id, recovered_at);
CREATE INDEX recovery_events_task_idx ON recovery_events (task_execution_id) WHERE task_execution_id IS NOT NULL;
CREATE TABLE signals (
    id BLOB NOT NULL,
    pipeline_execution_id BLOB NOT NULL,
    signal_name TEXT NOT NULL,
    value TEXT,
    idempotency_key TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT signals_pkey PRIMARY KEY (id),
    CONSTRAINT signals_pipeline_execution_id_fkey FOREIGN KEY (pipeline_execution_id) REFERENCES pipeline_executions (id) ON DELETE CASCADE,
    CONSTRAINT signals_id_type CHECK (length(id) = 16),
    CONSTRAINT signals_pipeline_execution_id_type CHECK (length(pipeline_execution_id) = 16),
    CONSTRAINT signals_signal_name_check CHECK (length(signal_name) <= 200),
    CONSTRAINT signals_idempotency_key_check CHECK (length(idempotency_key) <= 200),
    CONSTRAINT signals_created_at_type CHECK (length(created_at) = 27),
    CONSTRAINT signals_updated_at_type CHECK (length(updated_at) = 27)
) STRICT;
CREATE UNIQUE INDEX signals_pipeline_execution_id_signal_name_key ON signals (pipeline_execution_id, signal_name);
CREATE TABLE execution_labels (
    id BLOB NOT NULL,
    pipeline_execution_id BLOB NOT NULL,
    label_name TEXT NOT NULL,
    label_value TEXT NOT NULL,
    CONSTRAINT execution_labels_pkey PRIMARY KEY (id),
    CONSTRAINT execution_labels_pipeline_execution_id_fkey FOREIGN KEY (pipeline_execution_id) REFERENCES pipeline_executions (id) ON DELETE CASCADE,
    CONSTRAINT execution_labels_id_type CHECK (length(id) = 16),
    CONSTRAINT execution_labels_pipeline_execution_id_type CHECK (length(pipeline_execution_id) = 16),
    CONSTRAINT execution_labels_label_name_check CHECK (length(label_name) <= 60),
    CONSTRAINT execution_labels_label_value_check CHECK (length(label_value) <= 200)
) STRICT;
CREATE UNIQUE INDEX execution_labels_pipeline_execution_id_label_name_key ON execution_labels (pipeline_execution_id, label_name);
CREATE INDEX execution_labels_value_idx ON execution_labels (label_name, label_value, pipeline_execution_id);
CREATE TABLE limit_uses (
    id BLOB NOT NULL,
    limit_key TEXT NOT NULL,
    task_execution_id BLOB NOT NULL,
    attempt INTEGER NOT NULL,
    pipeline_execution_id BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT limit_uses_pkey PRIMARY KEY (id),
    CONSTRAINT limit_uses_task_execution_id_fkey FOREIGN KEY (task_execution_id) REFERENCES task_executions (id) ON DELETE CASCADE,
    CONSTRAINT limit_uses_pipeline_execution_id_fkey FOREIGN KEY (pipeline_execution_id) REFERENCES pipeline_executions (id) ON DELETE CASCADE,
    CONSTRAINT limit_uses_id_type CHECK (length(id) = 16),
    CONSTRAINT limit_uses_task_execution_id_type CHECK (length(task_execution_id) = 16),
    CONSTRAINT limit_uses_attempt_type CHECK (attempt BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT limit_uses_pipeline_execution_id_type CHECK (length(pipeline_execution_id) = 16),
    CONSTRAINT limit_uses_created_at_type CHECK (length(created_at) = 27),
    CONSTRAINT limit_uses_updated_at_type CHECK (length(updated_at) = 27)
) STRICT;
CREATE INDEX limit_uses_key_idx ON limit_uses (limit_key, created_at);
CREATE INDEX limit_uses_task_idx ON limit_uses (task_execution_id);
CREATE INDEX limit_uses_execution_idx ON limit_uses (pipeline_execution_id);
CREATE TABLE workflow_registry (
    id BLOB NOT NULL,
    created_at TEXT NOT NULL,
    data BLOB NOT NULL,
    CONSTRAINT workflow_registry_pkey PRIMARY KEY (id),
    CONSTRAINT workflow_registry_id_type CHECK (length(id) = 16),
    CONSTRAINT workflow_registry_created_at_type CHECK (length(created_at) = 27)
) STRICT;
CREATE TABLE workflow_packages (
    id BLOB NOT NULL,
    registry_id BLOB NOT NULL,
    package_name TEXT NOT NULL,
    version TEXT NOT NULL,
    description TEXT,
    author TEXT,
    metadata TEXT NOT NULL,
    storage_type TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    content_size INTEGER NOT NULL,
    signature TEXT,
    workflows TEXT,
    deleted_at TEXT,
    CONSTRAINT workflow_packages_pkey PRIMARY KEY (id),
    CONSTRAINT workflow_packages_registry_id_fkey FOREIGN KEY (registry_id) REFERENCES workflow_registry (id) ON DELETE CASCADE,
    CONSTRAINT workflow_packages_id_type CHECK (length(id) = 16),
    CONSTRAINT workflow_packages_registry_id_type CHECK (length(registry_id) = 16),
    CONSTRAINT workflow_packages_package_name_check CHECK (length(package_name) <= 200),
    CONSTRAINT workflow_packages_version_check CHECK (length(version) <= 100),
    CONSTRAINT workflow_packages_author_check CHECK (length(author) <= 200),
    CONSTRAINT workflow_packages_storage_type_check CHECK (storage_type IN ('database', 'filesystem')),
    CONSTRAINT workflow_packages_created_at_type CHECK (length(created_at) = 27),
    CONSTRAINT workflow_packages_updated_at_type CHECK (length(updated_at) = 27),
    CONSTRAINT workflow_packages_content_hash_check CHECK (length(content_hash) <= 64),
    CONSTRAINT workflow_packages_content_size_type CHECK (content_size BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT workflow_packages_deleted_at_type CHECK (length(deleted_at) = 27)
) STRICT;
CREATE UNIQUE INDEX workflow_packages_package_name_version_key ON workflow_packages (package_name, version);
CREATE INDEX workflow_packages_registry_idx ON workflow_packages (registry_id);
CREATE TABLE workflow_definitions (
    id BLOB NOT NULL,
    workflow_name TEXT NOT NULL,
    version TEXT NOT NULL,
    definition TEXT NOT NULL,
    package_id BLOB,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT workflow_definitions_pkey PRIMARY KEY (id),
    CONSTRAINT workflow_definitions_package_id_fkey FOREIGN KEY (package_id) REFERENCES workflow_packages (id) ON DELETE CASCADE,
    CONSTRAINT workflow_definitions_id_type CHECK (length(id) = 16),
    CONSTRAINT workflow_definitions_workflow_name_check CHECK (length(workflow_name) <= 200),
    CONSTRAINT workflow_definitions_version_check CHECK (length(version) <= 100),
    CONSTRAINT workflow_definitions_package_id_type CHECK (length(package_id) = 16),
    CONSTRAINT workflow_definitions_created_at_type CHECK (length(created_at) = 27),
    CONSTRAINT workflow_definitions_updated_at_type CHECK (length(updated_at) = 27)
) STRICT;
CREATE UNIQUE INDEX workflow_definitions_workflow_name_version_key ON workflow_definitions (workflow_name, version);
CREATE INDEX workflow_definitions_package_idx ON workflow_definitions (package_id) WHERE package_id IS NOT NULL;
CREATE TABLE cron_schedules (
    id BLOB NOT NULL,
    workflow_name TEXT NOT NULL,
    cron_expression TEXT NOT NULL,
    timezone TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    catchup_policy TEXT NOT NULL,
    start_date TEXT,
    end_date TEXT,
    next_run_at TEXT,
    last_run_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    name TEXT NOT NULL,
    catchup_limit INTEGER NOT NULL,
    catchup_max_age_seconds INTEGER NOT NULL,
    input TEXT,
    CONSTRAINT cron_schedules_pkey PRIMARY KEY (id),
    CONSTRAINT cron_schedules_id_type CHECK (length(id) = 16),
    CONSTRAINT cron_schedules_workflow_name_check CHECK (length(workflow_name) <= 200),
    CONSTRAINT cron_schedules_cron_expression_check CHECK (length(cron_expression) <= 200),
    CONSTRAINT cron_schedules_timezone_check CHECK (length(timezone) <= 64),
    CONSTRAINT cron_schedules_enabled_type CHECK (enabled IN (0, 1)),
    CONSTRAINT cron_schedules_catchup_policy_check CHECK (catchup_policy IN ('skip', 'run_once', 'run_all')),
    CONSTRAINT cron_schedules_start_date_type CHECK (length(start_date) = 27),
    CONSTRAINT cron_schedules_end_date_type CHECK (length(end_date) = 27),
    CONSTRAINT cron_schedules_next_run_at_type CHECK (length(next_run_at) = 27),
    CONSTRAINT cron_schedules_last_run_at_type CHECK (length(last_run_at) = 27),
    CONSTRAINT cron_schedules_created_at_type CHECK (length(created_at) = 27),
    CONSTRAINT cron_schedules_updated_at_type CHECK (length(updated_at) = 27),
    CONSTRAINT cron_schedules_name_check CHECK (length(name) <= 200),
    CONSTRAINT cron_schedules_catchup_limit_type CHECK (catchup_limit BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT cron_schedules_catchup_max_age_seconds_type CHECK (catchup_max_age_seconds BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT cron_schedules_catchup_bounds_check CHECK (catchup_limit >= 1 AND catchup_max_age_seconds >= 1)
) STRICT;
CREATE UNIQUE INDEX cron_schedules_name_key ON cron_schedules (name);
CREATE INDEX cron_schedules_due_idx ON cron_schedules (workflow_name, next_run_at) WHERE next_run_at IS NOT NULL;
CREATE TABLE cron_executions (
    id BLOB NOT NULL,
    schedule_id BLOB NOT NULL,
    pipeline_execution_id BLOB NOT NULL,
    scheduled_time TEXT NOT NULL,
    claimed_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT cron_executions_pkey PRIMARY KEY (id),
    CONSTRAINT cron_executions_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES cron_schedules (id) ON DELETE CASCADE,
    CONSTRAINT cron_executions_pipeline_execution_id_fkey FOREIGN KEY (pipeline_execution_id) REFERENCES pipeline_executions (id) ON DELETE CASCADE,
    CONSTRAINT cron_executions_id_type CHECK (length(id) = 16),
    CONSTRAINT cron_executions_schedule_id_type CHECK (length(schedule_id) = 16),
    CONSTRAINT cron_executions_pipeline_execution_id_type CHECK (length(pipeline_execution_id) = 16),
    CONSTRAINT cron_executions_scheduled_time_type CHECK (length(scheduled_time) = 27),
    CONSTRAINT cron_executions_claimed_at_type CHECK (length(claimed_at) = 27),
    CONSTRAINT cron_executions_created_at_type CHECK (length(created_at) = 27),
    CONSTRAINT cron_executions_updated_at_type CHECK (length(updated_at) = 27)
) STRICT;
CREATE UNIQUE INDEX cron_executions_schedule_id_scheduled_time_key ON cron_executions (schedule_id, scheduled_time);
CREATE INDEX cron_executions_execution_idx ON cron_executions (pipeline_execution_id);
