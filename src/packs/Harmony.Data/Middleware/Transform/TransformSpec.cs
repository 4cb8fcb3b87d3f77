using System.Text.Json;
using System.Text.RegularExpressions;
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

/// <summary>
/// Finds and reads the file that <c>spec_path</c> means. What is wrong goes to the context's problems; a file that is not there closes its user.
/// </summary>
internal static class SpecFile
{
    /// <summary>The bytes of the file; null when it cannot be read.</summary>
    /// <param name="path">As configured.</param>
    /// <param name="location">Where that stands.</param>
    /// <param name="context">The middleware that names it.</param>
    public static byte[]? Read(string path, SourceLocation location, MiddlewareContext context)
    {
        try
        {
            // All of them: one that comes into being takes precedence at the next reload.
            foreach (var candidate in Candidates(path, context)) context.Config.Sources.Add(candidate);
            var earlier = context.Config.Earlier;
            var places = Candidates(path, context).Select(place => earlier?.PlaceOf(place) ?? place);
            return BoundedFile.Read(places.FirstOrDefault(File.Exists) ?? context.Environment.PathOf(path));
        }
        catch (Exception e) when (Readable.IsAbsence(e))
        {
            context.Close(location, $"cannot read the spec '{path}' of middleware '{context.Name}': {Readable.Reason(e)}{Advice(path, context)}");
            return null;
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            context.Problems.Error(location, $"cannot read the spec '{path}' of middleware '{context.Name}': {Readable.Reason(e)}{Advice(path, context)}");
            return null;
        }
    }

    private static IEnumerable<string> Candidates(string path, MiddlewareContext context)
        => Places(path, context).Where(place => context.Config.Trial?.Holds(place) != false);

    private static IEnumerable<string> Places(string path, MiddlewareContext context)
    {
        yield return Path.Combine(Transforms(context), path); // an absolute path stays what it is
        yield return Path.Combine(Path.GetDirectoryName(Path.GetFullPath(context.File)) ?? "", path);
        yield return Path.Combine(context.Config.Directory, path);
    }

    private static string Transforms(MiddlewareContext context) => Path.Combine(context.Config.Directory, context.Config.Proxy.TransformsPath);

    private static string Advice(string path, MiddlewareContext context)
    {
        var folder = Transforms(context);
        var names = context.Config.Trial?.Holds(folder) != false && Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal).ToList()
            : [];
        var suggestion = NearestName.Suggestion(Path.GetFileName(path), names);
        return suggestion.Length > 0 ? suggestion : $"; specs belong into the folder '{context.Config.Proxy.TransformsPath}'";
    }
}

/// <summary>The strings of a spec, read as far as it takes to know what they may reach.</summary>
internal static partial class SpecKey
{
    private const string Wildcards = "*&@$";

    /// <summary>The names a key stands for: <c>a|b</c> two, <c>a?</c> and <c>+a</c> of a modify, <c>a[]</c> of a default one.</summary>
    public static IEnumerable<string> NamesOf(string key, bool isModify)
    {
        foreach (var alternative in key.Split('|'))
        {
            var name = isModify ? alternative.TrimStart('+', '~', '_').TrimEnd('?') : alternative;
            yield return name.EndsWith("[]", StringComparison.Ordinal) ? name[..^2] : name;
        }
    }

    /// <summary>Whether a key may match names that it does not spell out.</summary>
    public static bool IsWildcard(string name) => name.AsSpan().IndexOfAny(Wildcards) >= 0;

    /// <summary>Whether a reference in the text may lead up and down again into the context, or take the whole input.</summary>
    public static bool MayReachContext(string text)
        => text.Contains('@')
        && (text.Contains("context", StringComparison.Ordinal) || text.Contains("_details", StringComparison.Ordinal) || UpwardsWithoutPath().IsMatch(text));

    /// <summary>All keys and string values.</summary>
    public static IEnumerable<string> StringsOf(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return [element.GetString()!];
            case JsonValueKind.Object:
                return element.EnumerateObject().SelectMany(m => StringsOf(m.Value).Prepend(m.Name));
            case JsonValueKind.Array:
                return element.EnumerateArray().SelectMany(StringsOf);
            default:
                return [];
        }
    }

    /// <summary><c>@1</c>, <c>@(2)</c>: a whole level above.</summary>
    [GeneratedRegex(@"@\(?[1-9][0-9]*(?![0-9,])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UpwardsWithoutPath();
}

/// <summary>
/// What a spec reads of its input, as far as its text tells. Only operations up to and including the first shift count: what a shift leaves
/// is all that later ones see.
/// </summary>
internal sealed class SpecReads
{
    private readonly HashSet<string> _roots = new(StringComparer.Ordinal);

    private SpecReads()
    {
    }

    /// <summary>The names that operations have at their top, in order.</summary>
    public IReadOnlyCollection<string> Roots => _roots;

    /// <summary>Whether it refers to the context document, by <c>^</c>.</summary>
    public bool RefersToContext { get; private set; }

    /// <summary>What of the member <c>context</c> may reach the result.</summary>
    public ContextUse Context { get; private set; } = ContextUse.None;

    /// <param name="chain">A spec that compiles.</param>
    public static SpecReads Of(JsonElement chain)
    {
        var reads = new SpecReads();
        var shifted = false;
        foreach (var operation in chain.EnumerateArray())
        {
            var name = operation.GetProperty("operation").GetString()!;
            if (!operation.TryGetProperty("spec", out var spec)) continue;
            // Later operations cannot see the input, but all can refer to the context document.
            if (name.StartsWith("modify", StringComparison.Ordinal)) reads.RefersToContext |= MentionsContextDocument(spec);
            if (!shifted) reads.Add(spec, isModify: name.StartsWith("modify", StringComparison.Ordinal));
            shifted |= name == "shift";
        }

        return reads;
    }

    private void Add(JsonElement spec, bool isModify)
    {
        if (spec.ValueKind != JsonValueKind.Object) return;
        foreach (var member in spec.EnumerateObject())
        {
            foreach (var name in SpecKey.NamesOf(member.Name, isModify))
            {
                _roots.Add(name);
                Context |= ContextUse.OfRoot(name, member.Value);
            }
        }

        foreach (var text in SpecKey.StringsOf(spec))
        {
            if (SpecKey.MayReachContext(text)) Context = ContextUse.All;
        }
    }

    private static bool MentionsContextDocument(JsonElement spec) => SpecKey.StringsOf(spec).Any(s => s.Contains('^'));
}
