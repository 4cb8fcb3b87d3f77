using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Json;
using Harmony.Gateway.Management;
using Harmony.Imaging.Adapters.Dimse;

namespace Harmony.Gateway.Trying;

/// <summary>A request to try.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path and query, as a client sends them.</param>
internal sealed record TrialRequest(string Method, string Path)
{
    /// <summary>How it is sent to a running gateway.</summary>
    public const string Schema = """
        {"type":"object","required":["method","path"],"properties":{
        "method":{"type":"string"},
        "path":{"type":"string","description":"Path and query, as a client sends them."},
        "network":{"type":"string","description":"Network that receives the request; the first that accepts it when absent."},
        "headers":{"type":"array","items":{"type":"string","description":"name: value"}},
        "body":{"type":"string","contentEncoding":"base64"},
        "aet":{"type":"string",
            "description":"C-FIND and C-STORE: the called AE title; that of the first endpoint that accepts the operation when absent."},
        "calling_aet":{"type":"string","description":"C-FIND and C-STORE: the calling AE title."},
        "identifier":{"type":"object","description":"C-FIND: what is looked for, in DICOM JSON, with its level (00080052). C-STORE has its file as the body."},
        "claims":{"type":"object","additionalProperties":{"type":"string"},"description":"Who is taken to have authenticated: sub, or jwt.sub."}}}
        """;

    /// <summary>The network that it comes in by; null for the first that takes it.</summary>
    public string? Network { get; init; }

    /// <summary>Its header fields.</summary>
    public IReadOnlyList<HeaderField> Headers { get; init; } = [];

    /// <summary>Its body.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What is tried, where it is no request of HTTP but an operation of DIMSE.</summary>
    public OfferedOperation? Operation { get; init; }

    /// <summary>Who is taken to have authenticated, in the place of what authentication would find; null to have it find something.</summary>
    public IReadOnlyDictionary<string, string>? Claims { get; init; }

    /// <summary>Whether backends are asked, and middleware may act outside of the request.</summary>
    public bool Sends { get; init; }

    /// <summary>Reads one that was sent. It never sends: who steers a gateway may not therefore use what is behind it.</summary>
    /// <exception cref="Core.Faults.GatewayException">It is none.</exception>
    public static TrialRequest Of(JsonObject json)
    {
        try
        {
            return new TrialRequest(Text(json["method"]) ?? throw new FormatException("'method' is missing"),
                Text(json["path"]) ?? throw new FormatException("'path' is missing"))
            {
                Network = Text(json["network"]),
                Headers = [.. (json["headers"] as JsonArray ?? []).Select(h => FieldOf(Text(h) ?? ""))],
                Body = Convert.FromBase64String(Text(json["body"]) ?? ""),
                Operation = OperationOf(json),
                Claims = (json["claims"] as JsonObject)?.ToDictionary(c => c.Key, c => Text(c.Value) ?? "", StringComparer.Ordinal),
            };
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or DicomFormatException)
        {
            throw OperationCall.Malformed(e.Message);
        }
    }

    /// <summary>The same for a running gateway.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["method"] = Method, ["path"] = Path, ["headers"] = new JsonArray([.. Headers.Select(h => (JsonNode)$"{h.Name}: {h.Value}")]),
        };
        if (Network is not null) json["network"] = Network;
        var body = Operation?.File ?? Body;
        if (!body.IsEmpty) json["body"] = Convert.ToBase64String(body.Span);
        if (Operation is { } operation)
        {
            if (operation.CalledAet is not null) json["aet"] = operation.CalledAet;
            json["calling_aet"] = operation.CallingAet;
            json["identifier"] = JsonNode.Parse(DicomJsonWriter.ToUtf8(operation.Identifier));
        }

        if (Claims is not null) json["claims"] = new JsonObject(Claims.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value)));
        return json;
    }

    /// <summary>A field of <c>name: value</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static HeaderField FieldOf(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && HeaderField.IsName(line.AsSpan(0, colon))
            ? new HeaderField(line[..colon], line[(colon + 1)..].Trim()) : throw new FormatException($"'{line}' is no header of the form 'name: value'");
    }

    private static OfferedOperation? OperationOf(JsonObject json)
    {
        if (Text(json["method"]) is not { } method || !OfferedOperation.Methods.Contains(method)) return null;
        var operation = new OfferedOperation(method)
        {
            CalledAet = Text(json["aet"]),
            Identifier = json["identifier"] is { } identifier ? DicomJsonReader.Read(JsonSerializer.SerializeToElement(identifier)) : DicomDataSet.Empty,
            File = Convert.FromBase64String(Text(json["body"]) ?? ""),
        };
        return Text(json["calling_aet"]) is { } calling ? operation with { CallingAet = calling } : operation;
    }

    private static string? Text(JsonNode? node) => node?.GetValue<string>();
}
