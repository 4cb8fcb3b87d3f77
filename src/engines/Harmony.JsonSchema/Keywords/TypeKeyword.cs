using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.JsonSchema.Evaluation;
using Harmony.JsonSchema.Values;

namespace Harmony.JsonSchema.Keywords;

/// <summary><c>type</c> (validation §6.1.1).</summary>
internal sealed class TypeKeyword(string name, IReadOnlyList<string> types) : Keyword(name)
{
    /// <summary>The types there are.</summary>
    public static readonly IReadOnlyList<string> Known = ["null", "boolean", "object", "array", "number", "string", "integer"];

    private readonly string _message = $"must be of type {string.Join(" or ", types)}";

    public override bool Check(JsonNode? instance, Evaluator evaluator, Evaluated? evaluated)
    {
        foreach (var type in types)
        {
            if (Is(instance, type)) return true;
        }

        return evaluator.Fail(_message);
    }

    private static bool Is(JsonNode? instance, string type) => JsonEquality.KindOf(instance) switch
    {
        JsonValueKind.Null => type == "null",
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        _ => type == "number" || (type == "integer" && JsonNumber.Of(instance!).IsInteger),
    };
}
