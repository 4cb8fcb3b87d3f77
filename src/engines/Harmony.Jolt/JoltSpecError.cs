namespace Harmony.Jolt;

/// <summary>One thing that is wrong with a spec, in words that let its author mend it.</summary>
/// <param name="File">The file as the caller named it.</param>
/// <param name="OperationIndex">Which operation of the chain, from 0; -1 when the chain as a whole is meant.</param>
/// <param name="Operation">The name of the operation, or an empty string.</param>
/// <param name="Path">The place in the file as a JSON path from its root, e.g. <c>$[1].spec.data['a.b']</c>.</param>
/// <param name="Message">What was found and what was expected.</param>
public sealed record JoltSpecError(string File, int OperationIndex, string Operation, string Path, string Message)
{
    /// <summary><c>file: operation 1 (shift), $[1].spec.data: message</c>.</summary>
    public override string ToString()
    {
        var operation = OperationIndex < 0 ? "" : Operation.Length == 0 ? $"operation {OperationIndex}, " : $"operation {OperationIndex} ({Operation}), ";
        return $"{File}: {operation}{Path}: {Message}";
    }
}
