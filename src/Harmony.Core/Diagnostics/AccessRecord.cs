using System.Net;

namespace Harmony.Core.Diagnostics;

/// <summary>The access log's record of a request.</summary>
public readonly record struct AccessRecord
{
    /// <summary>The status of a request whose client had gone. Never sent, because the client has gone.</summary>
    public const int ClientClosedRequest = 499;

    /// <summary>When it began, in UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Its id.</summary>
    public required string RequestId { get; init; }

    /// <summary>The address of the client; a trusted proxy may have reported it.</summary>
    public IPAddress? ClientAddress { get; init; }

    /// <summary>The authenticated user: the subject of the identity.</summary>
    public string? User { get; init; }

    /// <summary>The protocol as the client wrote it: <c>HTTP/1.1</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>The method. Comes from the client, like the path and the query: writers escape it.</summary>
    public required string Method { get; init; }

    /// <summary>The path without the query.</summary>
    public required string Path { get; init; }

    /// <summary>The query, without the question mark. Written only where the configuration names it.</summary>
    public string? Query { get; init; }

    /// <summary>HTTP status of the answer; <see cref="ClientClosedRequest"/> when the client had gone.</summary>
    public required int Status { get; init; }

    /// <summary>Bytes of the request's body that were read.</summary>
    public required long BytesIn { get; init; }

    /// <summary>Bytes of the answer's body.</summary>
    public required long BytesOut { get; init; }

    /// <summary>The network it came in by.</summary>
    public required string Network { get; init; }

    /// <summary>The pipeline; null when no route took it.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The endpoint it entered by.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The backend it was given to.</summary>
    public string? Backend { get; init; }

    /// <summary>The target that was asked last.</summary>
    public string? Target { get; init; }

    /// <summary>
    /// Why the gateway refused it, failed or broke off: for operators, without secrets and patient data. Null where it did not. No field of the access log.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>Its trace, when it was traced.</summary>
    public string? TraceId { get; init; }

    /// <summary>The additional fields of a DIMSE request; null for others.</summary>
    public DimseRecord? Dimse { get; init; }
}

/// <summary>
/// What the access log can say of a request by DIMSE. UIDs and the patient's ID tell of patients: they are written only where the configuration names them.
/// </summary>
public sealed class DimseRecord
{
    /// <summary>AE title of the sender.</summary>
    public required string CallingAet { get; init; }

    /// <summary>AE title that it called.</summary>
    public required string CalledAet { get; init; }

    /// <summary>The status that the sender was told, four hexadecimal digits; null where it was told none.</summary>
    public string? Status { get; init; }

    /// <summary>SOP class of the object, or the information model of the query.</summary>
    public string? SopClassUid { get; init; }

    /// <summary>Study Instance UID of the object.</summary>
    public string? StudyUid { get; init; }

    /// <summary>Series Instance UID of the object.</summary>
    public string? SeriesUid { get; init; }

    /// <summary>SOP Instance UID of the object.</summary>
    public string? InstanceUid { get; init; }

    /// <summary>Patient ID of the object; never written but as a hash.</summary>
    public string? PatientId { get; init; }
}

/// <summary>Takes a record of each request. Called at the end of requests by many threads; never waits and never throws.</summary>
public interface IAccessLog
{
    /// <summary>Takes the record of a request that has ended.</summary>
    void Write(in AccessRecord record);
}

/// <summary>Holds the access log, which a reload may replace while requests are under way.</summary>
public sealed class AccessLogSlot
{
    private volatile IAccessLog? _current;

    /// <summary>Takes a record of each request that ends; null where none is wanted.</summary>
    public IAccessLog? Current
    {
        get => _current;
        set => _current = value;
    }
}
