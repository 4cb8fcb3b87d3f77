using System.Text.Json.Nodes;

namespace Harmony.Jmix.Model;

/// <summary>An entry of <c>audit.json</c>: an event on the way of a package.</summary>
/// <param name="Event"><c>created</c>, <c>sent</c>, <c>forwarded</c>, <c>received</c> or <c>stored</c>.</param>
/// <param name="ById">The identifier of the system that caused the event.</param>
/// <param name="ByName">Its name.</param>
/// <param name="Time">The time of the event.</param>
public sealed record JmixAuditEntry(string Event, string ById, string? ByName, DateTimeOffset Time)
{
    /// <summary>The identifier of the system that the package went to.</summary>
    public string? ToId { get; init; }

    /// <summary>The entry as JSON, by the schema of <c>audit.json</c>.</summary>
    public JsonObject ToJson()
    {
        var by = new JsonObject { ["id"] = ById };
        if (ByName is not null) by["name"] = ByName;
        var entry = new JsonObject { ["event"] = Event, ["by"] = by };
        if (ToId is not null) entry["to"] = new JsonObject { ["id"] = ToId };
        entry["timestamp"] = JmixJson.Time(Time);
        return entry;
    }

    /// <summary>Adds an entry to the end of an audit trail, or makes an audit trail with one entry. Earlier entries stay as they are.</summary>
    /// <param name="audit">The bytes of <c>audit.json</c>; empty if the package has none.</param>
    /// <exception cref="JmixException">The document is not an audit trail.</exception>
    public byte[] AppendTo(ReadOnlySpan<byte> audit)
    {
        var document = audit.IsEmpty ? new JsonObject { ["audit"] = new JsonArray() } : JmixJson.Parse(audit, "audit.json");
        if (document?["audit"] is not JsonArray entries) throw new JmixException(JmixFault.Malformed, "audit.json has no list 'audit'");
        entries.Add((JsonNode)ToJson());
        return JmixJson.Bytes(document);
    }
}
