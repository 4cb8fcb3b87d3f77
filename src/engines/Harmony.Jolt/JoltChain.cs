using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Jolt.Compilation;
using Harmony.Jolt.Documents;

namespace Harmony.Jolt;

/// <summary>A compiled JOLT spec: a chain of operations that transforms a JSON document into another.</summary>
/// <remarks>Immutable; any number of threads may apply it at once.</remarks>
public sealed partial class JoltChain
{
    private readonly ChainStep[] _steps;
    private readonly KeyTable _keys;
    private readonly JoltOptions _options;

    private JoltChain(string file, IEnumerable<ChainStep> steps, IReadOnlyList<JoltSpecError> warnings, KeyTable keys, JoltOptions options)
    {
        File = file;
        Warnings = warnings;
        _steps = [.. steps];
        Operations = [.. _steps.Select(s => s.Name)];
        _keys = keys;
        _options = options;
    }

    /// <summary>The file of the spec, as the caller named it.</summary>
    public string File { get; }

    /// <summary>The names of the operations, in the order in which they are applied.</summary>
    public IReadOnlyList<string> Operations { get; }

    /// <summary>Parts of the spec that probably do not do what their author intended, such as a function that does not exist.</summary>
    public IReadOnlyList<JoltSpecError> Warnings { get; }

    /// <summary>Compiles a spec from its UTF-8 text.</summary>
    /// <param name="utf8Spec">The spec: a JSON array of operations. Comments and trailing commas are allowed.</param>
    /// <param name="file">What to call the spec in error messages.</param>
    /// <param name="options">Clock, identifiers and limits; <see cref="JoltOptions.Default"/> when null.</param>
    /// <exception cref="JoltSpecException">The spec is not valid; the exception lists all errors.</exception>
    public static JoltChain Compile(ReadOnlySpan<byte> utf8Spec, string file, JoltOptions? options = null)
        => TryCompile(utf8Spec, file, out var chain, out var errors, options) ? chain : throw new JoltSpecException(errors);

    /// <summary>Compiles a spec that has been parsed.</summary>
    /// <param name="spec">The spec: an array of operations.</param>
    /// <param name="file">What to call the spec in error messages.</param>
    /// <param name="options">Clock, identifiers and limits; <see cref="JoltOptions.Default"/> when null.</param>
    /// <exception cref="JoltSpecException">The spec is not valid; the exception lists all errors.</exception>
    public static JoltChain Compile(JsonNode? spec, string file, JoltOptions? options = null)
    {
        try
        {
            return Compile(DocumentText.Of(spec, (options ?? JoltOptions.Default).MaxDepth), file, options);
        }
        catch (JoltException e)
        {
            throw new JoltSpecException([new JoltSpecError(file, -1, "", "$", e.Message)]);
        }
    }

    /// <summary>Compiles a spec that has been parsed.</summary>
    /// <param name="spec">The spec: an array of operations.</param>
    /// <param name="file">What to call the spec in error messages.</param>
    /// <param name="options">Clock, identifiers and limits; <see cref="JoltOptions.Default"/> when null.</param>
    /// <exception cref="JoltSpecException">The spec is not valid; the exception lists all errors.</exception>
    public static JoltChain Compile(JsonElement spec, string file, JoltOptions? options = null)
        => Compile(DocumentText.Of(spec), file, options);

    /// <summary>Compiles a spec, or returns all its errors.</summary>
    /// <param name="utf8Spec">The spec: a JSON array of operations. Comments and trailing commas are allowed.</param>
    /// <param name="file">What to call the spec in error messages.</param>
    /// <param name="chain">The chain, or null if the spec is not valid.</param>
    /// <param name="errors">The errors in the order of the file; empty if the spec is valid.</param>
    /// <param name="options">Clock, identifiers and limits; <see cref="JoltOptions.Default"/> when null.</param>
    public static bool TryCompile(
        ReadOnlySpan<byte> utf8Spec,
        string file,
        [NotNullWhen(true)] out JoltChain? chain,
        out IReadOnlyList<JoltSpecError> errors,
        JoltOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        options ??= JoltOptions.Default;
        var keys = new KeyTable();
        var found = new SpecErrors();
        var steps = ChainCompiler.Compile(utf8Spec.ToArray(), file, options, found, keys);
        errors = found.Errors;
        chain = errors.Count == 0 ? new JoltChain(file, steps, found.Warnings, keys, options) : null;
        return chain is not null;
    }
}
