using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Gateway.Trying;
using Harmony.Jolt;

namespace Harmony.Gateway.Cli;

/// <summary>One run of <c>harmony transform</c>. Results go to standard output, everything else to standard error.</summary>
/// <param name="console">Where to print.</param>
/// <param name="wraps">Whether the spec is given <c>{data, context}</c>.</param>
/// <param name="traces">Whether the document is printed after each operation.</param>
/// <param name="shows">Whether what the operation changed is printed instead.</param>
internal sealed class TransformRun(InvocationConfiguration console, bool wraps, bool traces, bool shows = false) : IJoltTrace
{
    private string _before = "";

    private const string StandardInput = "-";

    private static readonly JsonDocumentOptions Parsing = new() { MaxDepth = JoltOptions.Default.MaxDepth };

    /// <summary>Reads, transforms, prints.</summary>
    /// <returns>The exit code: 1 when a file cannot be used.</returns>
    public async Task<int> RunAsync(string specFile, string? inputFile, string? contextFile, CancellationToken ct)
    {
        try
        {
            if (Compile(await ReadAsync(specFile, ct), specFile) is not { } chain) return 1;
            var context = contextFile is null ? null : Parse(await ReadAsync(contextFile, ct), contextFile);
            var input = Parse(await ReadAsync(inputFile ?? StandardInput, ct), inputFile ?? StandardInput);
            Apply(chain, input, context, inputFile ?? StandardInput);
            return 0;
        }
        catch (FormatException e)
        {
            await console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    /// <inheritdoc/>
    public void AfterOperation(int index, string operation, JsonNode? document)
    {
        console.Output.WriteLine($"# operation {index}: {operation}");
        var after = JsonOutput.Indented(document);
        if (!shows) console.Output.WriteLine(after);
        else foreach (var line in LineDiff.Of(_before, after).DefaultIfEmpty("(nothing changed)")) console.Output.WriteLine(line);
        _before = after;
    }

    private JoltChain? Compile(byte[] spec, string file)
    {
        var isSound = JoltChain.TryCompile(spec, file, out var chain, out var errors);
        foreach (var error in errors) console.Error.WriteLine(error);
        if (!isSound) return null;
        foreach (var warning in chain!.Warnings) console.Error.WriteLine($"warning: {warning}");
        return chain;
    }

    private void Apply(JoltChain chain, JsonNode? input, JsonNode? context, string inputFile)
    {
        try
        {
            _before = JsonOutput.Indented(input);
            var document = wraps ? new JsonObject { ["data"] = input, ["context"] = context?.DeepClone() ?? new JsonObject() } : input;
            var result = chain.Apply(document, context, traces ? this : null);
            if (!traces) console.Output.WriteLine(JsonOutput.Indented(result));
            if (result is null && !wraps)
                console.Error.WriteLine("note: nothing matched; a spec for a middleware that names 'data' or 'context' needs --envelope");
        }
        catch (JoltException e)
        {
            throw new FormatException($"{Named(inputFile)}: {e.Message}", e);
        }
    }

    private static async Task<byte[]> ReadAsync(string file, CancellationToken ct)
    {
        try
        {
            if (file != StandardInput) return await File.ReadAllBytesAsync(file, ct);
            using var all = new MemoryStream();
            await using var input = Console.OpenStandardInput();
            await input.CopyToAsync(all, ct);
            return all.ToArray();
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            throw new FormatException($"{Named(file)}: cannot be read: {Readable.Reason(e)}", e);
        }
    }

    private static JsonNode? Parse(byte[] text, string file)
    {
        try
        {
            return JsonNode.Parse(text.AsSpan().StartsWith("\uFEFF"u8) ? text.AsSpan(3) : text, documentOptions: Parsing);
        }
        catch (JsonException e)
        {
            throw new FormatException($"{Named(file)}({e.LineNumber + 1},{e.BytePositionInLine + 1}): is not JSON, or nests deeper than {Parsing.MaxDepth}", e);
        }
    }

    private static string Named(string file) => file == StandardInput ? "standard input" : file;
}
