using System.Text.Json.Nodes;

namespace Harmony.Core.Content;

/// <summary>What somebody saw who only looked at a body.</summary>
/// <param name="Data">The body as data.</param>
/// <param name="WhyNot">Why there are no data, in words; null where there are.</param>
public readonly record struct ContentLook(JsonNode? Data, string? WhyNot);
