using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Docs;

/// <summary>A command line that a page shows, with what the page says that it prints.</summary>
/// <param name="Line">The line of the page.</param>
/// <param name="Text">The command, of several lines where a word or a <c>\</c> goes on in the next.</param>
/// <param name="Output">The <c>text output</c> block that follows; null where none does.</param>
internal sealed record ShownCommand(int Line, string Text, string? Output)
{
    /// <summary>The commands of the <c>sh</c> blocks of a page.</summary>
    public static IEnumerable<ShownCommand> Of(MarkdownPage page)
    {
        foreach (var (at, block) in page.Blocks.Index().Where(b => b.Item.Language == "sh"))
        {
            var output = page.Blocks.ElementAtOrDefault(at + 1) is { Info: "text output" } next ? next.Text : null;
            var (text, first) = ("", 0);
            var lines = block.Text.TrimEnd('\n').Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                if (text.Length == 0) first = block.Line + i + 1;
                text += text.Length == 0 ? lines[i] : "\n" + lines[i];
                if (lines[i].EndsWith('\\') || text.Count(c => c == '\'') % 2 == 1) continue;
                if (text.Trim().Length > 0) yield return new ShownCommand(first, text, i == lines.Length - 1 ? output : null);
                text = "";
            }
        }
    }
}

/// <summary>
/// The commands of a page as one script of bash, in a folder and on ports of its own: the folder holds what a clone of the repository holds (the configuration
/// that comes with the program, the example of the page), hosts of <c>example.org</c> are an origin on this machine, and <c>/etc</c> and <c>/run</c> are below
/// the folder.
/// </summary>
internal sealed partial class PageScript(string file, ConfigFolder folder)
{
    private readonly Dictionary<string, int> _ports = [];

    /// <summary>Writes the script.</summary>
    /// <param name="commands">Those that are to run.</param>
    /// <returns>Its path.</returns>
    public string Write(IEnumerable<ShownCommand> commands)
    {
        DefaultConfiguration.WriteTo(folder, PortFor("8080"), PortFor("9090"));
        if (file.StartsWith("examples/", StringComparison.Ordinal)) Copy(Path.GetDirectoryName(file)!);
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "config"), folder.Path);
        Directory.CreateDirectory(Path.Combine(folder.Path, "out"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "bin"));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "bin", "harmony"), Path.Combine(AppContext.BaseDirectory, "harmony"));

        var script = new StringBuilder();
        script.Append(CultureInfo.InvariantCulture, $"work='{folder.Path}'\n").Append(OnPorts(File.ReadAllText(RepositoryFolder.PathOf("tests",
            "Harmony.Gateway.Tests", "Docs", "pages.sh"))));
        script.Append(CultureInfo.InvariantCulture, $"prepare '{file}'\n");
        var page = MarkdownPage.Read(file);
        var steps = commands.Select(c => (c.Line, Text: Step(c)))
            .Concat(page.Blocks.Where(b => FileName().IsMatch(b.Info)).Select(b => (b.Line, Text: $"write '{FileName().Match(b.Info).Groups["name"].Value}' "
                + $"<<'END_OF_FILE'\n{Mapped(b.Text)}END_OF_FILE\n")));
        foreach (var (line, text) in steps.OrderBy(s => s.Line)) script.Append(CultureInfo.InvariantCulture, $"place='{file}:{line}'\n{text}");
        folder.Write("page.sh", script.ToString());
        return Path.Combine(folder.Path, "page.sh");
    }

    /// <summary>What a command has printed so far.</summary>
    public string OutputOf(ShownCommand command) => File.ReadAllText(Path.Combine(folder.Path, "out", $"{command.Line}"));

    /// <summary>
    /// What the page says that is printed: its lines in their order, others between them; numbers, ids and what <c>…</c> stands for are those of another day.
    /// </summary>
    public string PatternOf(string output)
        => "(?im)" + string.Join("(.*\n)*?", Mapped(output).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => $"^{Changing().Replace(Regex.Escape(l.TrimEnd()), m => m.Value == "…" ? ".*" : @"[0-9a-f]+")}.*\n"));

    private string Step(ShownCommand command)
    {
        var text = Mapped(command.Text).Replace("dotnet run --project src/Harmony.Gateway -- ", "harmony ", StringComparison.Ordinal)
            .Replace("dotnet run --project src/Harmony.Gateway", "harmony run", StringComparison.Ordinal);
        var quoted = $"'{text.TrimEnd('&', ' ').Replace("'", @"'\''", StringComparison.Ordinal)}'";
        return Server().IsMatch(text) ? $"background {command.Line} Press {quoted}\n"
            : Follower().IsMatch(text) ? $"background {command.Line} . {quoted}\n" : $"run {command.Line} {quoted}\n";
    }

    private void Copy(string example)
    {
        foreach (var name in Directory.EnumerateFiles(RepositoryFolder.PathOf(example), "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(RepositoryFolder.Root, name);
            var text = File.ReadAllText(name);
            folder.Write(relative, OnPorts(text));
        }
    }

    private string Mapped(string text)
    {
        var below = SystemFolder().Replace(text, folder.Path + "/${folder}");
        return OnPorts(ExampleHost().Replace(ExampleOrigin().Replace(below, "http://127.0.0.1:9000"), "127.0.0.1"));
    }

    private string OnPorts(string text) => Port().Replace(text, m => $"{PortFor(m.Value)}");

    private int PortFor(string shown)
    {
        if (!_ports.TryGetValue(shown, out var port)) _ports[shown] = port = FreePort.Take();
        return port;
    }

    [GeneratedRegex(@"\bfile=(?<name>\S+)")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^(\w+=\S* )*(harmony (run|proxy|receive|dicom serve)\b)")]
    private static partial Regex Server();

    [GeneratedRegex("^harmony .*--(follow|watch)")]
    private static partial Regex Follower();

    [GeneratedRegex(@"(?<![\w.]|\w-)(80[0-9][0-9]|8443|8444|900[0-2]|9090|9100|1111[2-3]|11123|424[23]|104|3000)(?![\w.])")]
    private static partial Regex Port();

    [GeneratedRegex(@"https://(?!id\.|login\.)[\w.-]*\bexample(\.org)?(:\d+)?(?![\w.])")]
    private static partial Regex ExampleOrigin();

    [GeneratedRegex(@"\b(?!id\.|login\.)[\w-]+\.example(\.org)?(?![\w.])")]
    private static partial Regex ExampleHost();

    [GeneratedRegex("(?<![\\w./])/(?<folder>etc|run)(?=/)")]
    private static partial Regex SystemFolder();

    /// <summary>After escaping: what is another each time.</summary>
    [GeneratedRegex(@"…|\b(?=[0-9a-f]*[0-9])[0-9a-f]+\b")]
    private static partial Regex Changing();
}
