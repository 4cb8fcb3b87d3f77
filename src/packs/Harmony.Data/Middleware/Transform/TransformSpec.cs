using System.Text.Json;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Jolt;

namespace Harmony.Data.Middleware.Transform;

/// <summary>A spec, compiled, and what can be said of it without a document.</summary>
/// <param name="Chain">What is applied.</param>
/// <param name="Reads">What it reads.</param>
internal sealed record TransformSpec(JoltChain Chain, SpecReads Reads)
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 512 };

    /// <summary>Reads and compiles the file that an option names. Everything that is wrong with it goes to the context's problems.</summary>
    /// <returns>Null when something is.</returns>
    public static TransformSpec? Load(string path, SourceLocation location, MiddlewareContext context)
    {
        if (SpecFile.Read(path, location, context) is not { } text) return null;
        var options = JoltOptions.Default with { Clock = context.Environment.Clock, AllowDuplicateMembers = false };
        if (!JoltChain.TryCompile(text, path, out var chain, out var errors, options))
        {
            foreach (var error in errors) context.Problems.Error(location, error.ToString());
            return null;
        }

        foreach (var warning in chain.Warnings) context.Problems.Warning(location, warning.ToString());
        using var spec = JsonDocument.Parse(WithoutMark(text), Lenient);
        return new TransformSpec(chain, SpecReads.Of(spec.RootElement));
    }

    private static ReadOnlyMemory<byte> WithoutMark(byte[] text) => text.AsSpan().StartsWith("\uFEFF"u8) ? text.AsMemory(3) : text;
}
