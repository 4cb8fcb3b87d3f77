using System.Text.RegularExpressions;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Docs;

/// <summary>A page of the repository: its code blocks, its links, and the anchors that links may lead to.</summary>
internal sealed partial class MarkdownPage
{
    private MarkdownPage(string file, string text)
    {
        File = file;
        Text = text;
        (Prose, Blocks) = Split(text);
        Anchors = Prose.Split('\n').Where(l => l.StartsWith('#')).Select(l => AnchorOf(l.TrimStart('#').Trim())).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Every page that people read, relative to the root of the repository.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Find().Order(StringComparer.Ordinal)];

    /// <summary>Relative to the root of the repository.</summary>
    public string File { get; }

    public string Text { get; }

    /// <summary>What is not code.</summary>
    public string Prose { get; }

    public IReadOnlyList<CodeBlock> Blocks { get; }

    public IReadOnlySet<string> Anchors { get; }

    /// <summary>Where links to other files lead, with what follows a <c>#</c>.</summary>
    public IEnumerable<string> Links
        => Link().Matches(CodeWords().Replace(Prose, "")).Select(m => m.Groups["to"].Value).Where(l => !l.Contains("://", StringComparison.Ordinal));

    /// <summary>Words of the text that stand as code.</summary>
    public IEnumerable<string> InlineCode => CodeWords().Matches(Prose).Select(m => m.Value.Trim('`'));

    public static MarkdownPage Read(string file) => new(file, System.IO.File.ReadAllText(RepositoryFolder.PathOf(file)).ReplaceLineEndings("\n"));

    private static IEnumerable<string> Find()
    {
        var files = Directory.EnumerateFiles(RepositoryFolder.Root, "*.md");
        foreach (var folder in new[] { "docs", "examples", "bench", "src" })
        {
            files = files.Concat(Directory.EnumerateFiles(RepositoryFolder.PathOf(folder), "*.md", SearchOption.AllDirectories));
        }

        // Parts that are put into pages are read as parts of these.
        return files.Select(f => Path.GetRelativePath(RepositoryFolder.Root, f)).Where(f => !f.Contains("/Cli/Reference/", StringComparison.Ordinal));
    }

    private static (string Prose, IReadOnlyList<CodeBlock> Blocks) Split(string text)
    {
        var blocks = new List<CodeBlock>();
        var prose = new List<string>();
        string? open = null;
        var (started, lines) = (0, new List<string>());
        foreach (var (number, line) in text.Split('\n').Index())
        {
            if (open is null && line.StartsWith("```", StringComparison.Ordinal)) (open, started, lines) = (line[3..].Trim(), number + 1, []);
            else if (open is not null && line == "```")
            {
                blocks.Add(new CodeBlock(open, started, string.Join('\n', lines) + "\n"));
                open = null;
            }
            else if (open is not null) lines.Add(line);
            else prose.Add(line);
        }

        return (string.Join('\n', prose), blocks);
    }

    private static string AnchorOf(string heading)
        => string.Concat(heading.ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is '-' or '_' or ' ')).Replace(' ', '-');

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex CodeWords();
}

/// <summary>A block of code.</summary>
/// <param name="Info">What stands behind the opening marks: <c>toml config</c>.</param>
/// <param name="Line">The line of the opening marks.</param>
/// <param name="Text">Its lines.</param>
internal sealed record CodeBlock(string Info, int Line, string Text)
{
    public string Language => Info.Split(' ')[0];
}
