namespace Harmony.Core.Configuration;

/// <summary><c>[logging]</c>: what is logged and where to. <c>HARMONY_LOG</c> and <c>RUST_LOG</c> overrule the level.</summary>
public sealed record LoggingSection : ConfigNode
{
    /// <summary>Least level that is logged.</summary>
    [AllowedValues("trace", "debug", "info", "warn", "error")]
    public string LogLevel { get; init; } = "info";

    /// <summary>Whether a file is written besides standard output.</summary>
    public bool LogToFile { get; init; }

    /// <summary>That file, relative to the working directory; lines are added to what is there.</summary>
    public string? LogFilePath { get; init; }

    /// <summary>Megabytes after which that file is put aside as <c>NAME.1</c> and a new one begun.</summary>
    [AllowedRange(1, 10000)]
    public int MaxSizeMb { get; init; } = 100;

    /// <summary>Files kept that were put aside; the oldest goes when there are more.</summary>
    [AllowedRange(0, 100)]
    public int KeepFiles { get; init; } = 5;

    /// <summary>Lines for people, or one JSON object a line.</summary>
    [AllowedValues("text", "json")]
    public string Format { get; init; } = "text";

    /// <summary>A line for each request, apart from the log.</summary>
    public AccessLogSection Access { get; init; } = new();
}

/// <summary><c>[logging.access]</c>: a line for each request. Paths may name patients: keep the file where the records are kept.</summary>
public sealed record AccessLogSection : ConfigNode
{
    /// <summary>Whether it is written.</summary>
    public bool Enabled { get; init; }

    /// <summary><c>stdout</c>, or a file, relative to the working directory; lines are added to what it holds.</summary>
    [NotEmpty]
    public string Target { get; init; } = "stdout";

    /// <summary>One JSON object a line, or the Common Log Format of web servers.</summary>
    [AllowedValues("json", "common")]
    public string Format { get; init; } = "json";

    /// <summary>
    /// What is written, in this order; of <c>common</c> only <c>query</c> counts, which puts the query behind the path. From <c>calling_aet</c> on: what
    /// requests by DIMSE have. A hash stands for a value without telling it: lines with the same hash are about the same study, or patient.
    /// </summary>
    [AllowedValues(
        "time", "request_id", "trace_id", "client_ip", "user", "protocol", "method", "path", "query", "status", "bytes_in", "bytes_out",
        "duration_ms", "network", "pipeline", "endpoint", "backend", "target", "calling_aet", "called_aet", "dimse_status", "sop_class_uid", "study_uid",
        "series_uid", "instance_uid", "study_uid_hash", "series_uid_hash", "instance_uid_hash", "patient_id_hash")]
    public IReadOnlyList<string> Fields { get; init; } =
    [
        "time", "request_id", "trace_id", "client_ip", "user", "method", "path", "status", "bytes_in", "bytes_out", "duration_ms", "network",
        "pipeline", "endpoint", "backend", "target", "calling_aet", "called_aet", "dimse_status",
    ];

    /// <summary>
    /// Key of the hashes, such as <c>${file:/etc/harmony/hash-key}</c>, so that those of two starts or two gateways can be compared. Without it each start
    /// makes one of its own.
    /// </summary>
    [Secret, NotEmpty]
    public string? HashKey { get; init; }

    /// <summary>
    /// Whether requests of probes and scrapes are written: those for <c>health</c> and <c>metrics</c> of the management API, thousands a day.
    /// </summary>
    public bool Probes { get; init; }

    /// <summary>Megabytes after which a file is put aside as <c>NAME.1</c> and a new one begun.</summary>
    [AllowedRange(1, 10000)]
    public int MaxSizeMb { get; init; } = 100;

    /// <summary>Files kept that were put aside; the oldest goes when there are more.</summary>
    [AllowedRange(0, 100)]
    public int KeepFiles { get; init; } = 5;
}
