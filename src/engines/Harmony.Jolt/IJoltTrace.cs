using System.Text.Json.Nodes;

namespace Harmony.Jolt;

/// <summary>Sees the document after each operation of a chain.</summary>
public interface IJoltTrace
{
    /// <summary>Called after an operation.</summary>
    /// <param name="index">Which one, from 0.</param>
    /// <param name="operation">Its name.</param>
    /// <param name="document">The document it left, a copy of its own.</param>
    void AfterOperation(int index, string operation, JsonNode? document);
}
