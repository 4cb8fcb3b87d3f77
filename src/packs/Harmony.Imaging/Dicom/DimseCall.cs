using System.Globalization;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Data;
using Harmony.Dicom.Query;

namespace Harmony.Imaging.Dicom;

/// <summary>
/// What a request asks of DICOM systems: the feature by which endpoints tell backends. Its metadata keys are a view of it for specs and policies; a step
/// that sets one of them (<c>dimse_op</c>, <c>query_level</c>, <c>dicom.query_level</c>, <c>dicom.max_results</c>, <c>sop_class_uid</c>) changes the call.
/// </summary>
internal sealed record DimseCall
{
    /// <summary>The keys that a step may set; of the two for the level the second counts more.</summary>
    private static readonly string[] Settable =
        [DicomMetadataKeys.DimseOp, DicomMetadataKeys.SopClassUid, DicomMetadataKeys.DicomQueryLevel, DicomMetadataKeys.QueryLevel,
            DicomMetadataKeys.MaxResults];

    /// <summary>The operation; null where nothing but the path, or the backend's own way to retrieve, says it.</summary>
    public DimseOperation? Operation { get; init; }

    /// <summary>The SOP class of the object, or the information model of the query; null where the backend chooses.</summary>
    public string? SopClassUid { get; init; }

    /// <summary>The level of a query or retrieval; null where the identifier says it.</summary>
    public QueryLevel? Level { get; init; }

    /// <summary>Most matches, above 0; null for no limit.</summary>
    public int? MaxResults { get; init; }

    /// <summary>The AE title that a C-MOVE sends to; null for other operations.</summary>
    public string? MoveDestination { get; init; }

    /// <summary>
    /// The identifier as it came, where it did not come as JSON: keys that no step changes go on in its character set, byte for byte. Old systems know one
    /// set and nothing else.
    /// </summary>
    public DicomDataSet? Identifier { get; init; }

    /// <summary>Gives a request the call, and the metadata that show it.</summary>
    public void AddTo(RequestEnvelope request)
    {
        request.SetFeature(this);
        if (Operation is { } operation)
        {
            var name = operation.CommandName();
            request.Metadata[DicomMetadataKeys.Operation] = name;
            request.Metadata[DicomMetadataKeys.DicomOperation] = name;
        }

        foreach (var key in Settable)
        {
            if (key != DicomMetadataKeys.QueryLevel && View(key) is { } value) request.Metadata[key] = value;
        }

        if (MoveDestination is not null) request.Metadata[DicomMetadataKeys.MoveDestination] = MoveDestination;
    }

    /// <summary>The current operation of a request: the endpoint's, with the changes of middleware in the metadata of the request or of its target.</summary>
    /// <exception cref="GatewayException"><see cref="FaultKind.Internal"/>: a step has set a key to what it cannot be.</exception>
    public static DimseCall Of(RequestEnvelope request)
    {
        var call = request.Feature<DimseCall>() ?? new DimseCall();
        var changed = call;
        foreach (var key in Settable)
        {
            // A step that set nothing left the view, which says what the call says anyway.
            if (Set(request, key) is { } value && value != call.View(key)) changed = changed.With(key, value);
        }

        return changed;
    }

    private static string? Set(RequestEnvelope request, string key)
        => (request.Target?.Metadata.TryGetValue(key, out var forTarget) == true ? forTarget : request.MetadataIfSet(key)) is { Length: > 0 } value
            ? value
            : null;

    private string? View(string key) => key switch
    {
        DicomMetadataKeys.DimseOp => Operation?.Name(),
        DicomMetadataKeys.SopClassUid => SopClassUid,
        DicomMetadataKeys.DicomQueryLevel or DicomMetadataKeys.QueryLevel => Level?.Name(),
        _ => MaxResults?.ToString(CultureInfo.InvariantCulture),
    };

    private DimseCall With(string key, string value) => key switch
    {
        DicomMetadataKeys.DimseOp => this with
        {
            Operation = DimseOperations.TryParse(value, out var operation) ? operation : throw Unusable(key, "none of echo, find, get, move and store"),
        },
        DicomMetadataKeys.SopClassUid => this with { SopClassUid = value },
        DicomMetadataKeys.DicomQueryLevel or DicomMetadataKeys.QueryLevel => this with
        {
            Level = QueryLevels.TryParse(value.Trim(), out var level) ? level : throw Unusable(key, "none of PATIENT, STUDY, SERIES and IMAGE"),
        },
        _ => this with
        {
            MaxResults = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var most)
                ? (most == 0 ? null : most)
                : throw Unusable(key, "no whole number from 0 on"),
        },
    };

    private static GatewayException Unusable(string key, string reason)
        => new(FaultSource.Gateway, FaultKind.Internal, $"the metadata '{key}' that a middleware set is {reason}");
}
