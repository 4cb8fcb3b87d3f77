using System.Globalization;
using System.Text.Json;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Operations;

namespace Harmony.Jolt.Compilation;

/// <summary>Compiles a chain: an array of operations.</summary>
internal static class ChainCompiler
{
    private const string OperationMember = "operation";
    private const string SpecMember = "spec";

    private static readonly string[] KnownMembers = [OperationMember, SpecMember, "comment"];

    /// <summary>Compiles the spec in <paramref name="text"/>, and reports to <paramref name="errors"/> what is wrong with it.</summary>
    public static List<ChainStep> Compile(byte[] text, string file, JoltOptions options, SpecErrors errors, KeyTable keys)
    {
        var scope = new SpecScope(file, errors, options, keys);
        return Read(text, scope) is { } spec ? CompileChain(spec, scope) : [];
    }

    private static DocValue? Read(byte[] text, SpecScope scope)
    {
        try
        {
            // People write specs, so they may comment them.
            var options = new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = scope.Options.MaxDepth };
            var spec = DocumentReader.Read(text, text.Length, scope.Keys, options);
            new SpecTextChecks(scope).Check(text, options);
            return spec;
        }
        catch (JsonException e)
        {
            scope.Error($"it is not JSON: {Explained(e)}");
            return null;
        }
    }

    /// <summary>Lines and columns count from 1, as editors have them; the runtime counts from 0, at the end of its sentence.</summary>
    private static string Explained(JsonException e)
    {
        if (e.LineNumber is not { } line || e.BytePositionInLine is not { } column) return e.Message;
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return string.Create(
            CultureInfo.InvariantCulture, $"line {line + 1}, column {column + 1}: {(end < 0 ? e.Message : e.Message[..end]).TrimEnd('.', ' ')}");
    }

    private static List<ChainStep> CompileChain(DocValue spec, SpecScope scope)
    {
        var steps = new List<ChainStep>();
        if (spec.AsArray is not { Count: > 0 } chain)
        {
            scope.Error("a chain is an array of at least one operation: [{ \"operation\": \"shift\", \"spec\": { … } }]");
            return steps;
        }

        for (var i = 0; i < chain.Count; i++)
        {
            if (CompileStep(chain[i], scope.At(i).In(i, "")) is { } step) steps.Add(step);
        }

        return steps;
    }

    private static ChainStep? CompileStep(DocValue entry, SpecScope scope)
    {
        if (entry.AsObject is not { } members || members.Get(OperationMember) is not { Kind: DocKind.String } operation)
        {
            scope.Error("an operation is an object with a string 'operation' and a 'spec'");
            return null;
        }

        var name = operation.GetText();
        if (OperationCatalog.Find(name) is not { } compiler)
        {
            var known = string.Join(", ", OperationCatalog.Names.Order(StringComparer.Ordinal));
            scope.At(OperationMember).Error($"there is no operation '{name}'{NearestWord.Hint(name, OperationCatalog.Names)} (known: {known})");
            return null;
        }

        foreach (var member in members.Members.ToArray().Where(m => !KnownMembers.Contains(m.Key)))
            scope.At(member.Key).Warn($"'{member.Key}' is no member of an operation{NearestWord.Hint(member.Key, KnownMembers)}");
        return compiler(members.Get(SpecMember), scope.At(SpecMember).In(scope.OperationIndex, name)) is { } compiled ? new ChainStep(name, compiled) : null;
    }
}

/// <summary>An operation of a chain and the name the spec gave it.</summary>
internal sealed record ChainStep(string Name, IOperation Operation);
