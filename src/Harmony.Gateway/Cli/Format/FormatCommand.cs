using System.CommandLine;
using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;
using Harmony.Core.Storage;

namespace Harmony.Gateway.Cli.Format;

/// <summary><c>harmony fmt</c>: puts the files of a configuration into one shape; comments stay.</summary>
internal static class FormatCommand
{
    public static Command Create(Option<string> config)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Files to format; the files of the configuration when absent.", Arity = ArgumentArity.ZeroOrMore
        };
        var check = new Option<bool>("--check") { Description = "Change nothing; exit code 1 if a file is not formatted." };
        var command = new Command("fmt", "Format the files of a configuration; comments, order and values are kept.") { files, config, check };
        command.SetAction(result =>
        {
            var named = result.GetValue(files) is { Length: > 0 } given ? given : FilesOf(result.GetValue(config)!);
            var outcomes = named.Select(f => Format(f, result.GetValue(check), result.InvocationConfiguration)).ToList();
            return outcomes.Contains(Outcome.Unusable) || (result.GetValue(check) && outcomes.Contains(Outcome.Changed)) ? 1 : 0;
        });
        return command;
    }

    private enum Outcome
    {
        Same,
        Changed,
        Unusable,
    }

    private static string[] FilesOf(string configFile)
    {
        var config = new ConfigLoader([], Environment.GetEnvironmentVariable).Load(configFile);
        return [.. config.Sources.OwnFiles.Where(
            f => f.EndsWith(".toml", StringComparison.Ordinal)).Select(f => Path.GetRelativePath(Environment.CurrentDirectory, f)).DefaultIfEmpty(configFile)];
    }

    private static Outcome Format(string file, bool checks, InvocationConfiguration console)
    {
        try
        {
            var before = BoundedFile.ReadText(file);
            var after = TomlFormatter.Format(before);
            if (before == after) return Outcome.Same;
            var problems = new ConfigProblems();
            var isSame = TomlEquality.AreEqual(Read(before, file, problems), Read(after, file, []));
            ProblemPrinter.Print(problems, console.Error, strict: false);
            if (problems.HasErrors) return Outcome.Unusable;
            if (!isSame) throw new IOException("the result would mean something else; please report it"); // never write what was not asked for
            console.Output.WriteLine(checks ? $"{file}: not formatted; harmony fmt does it" : $"formatted {file}");
            if (!checks) AtomicFile.Write(Path.GetFullPath(file), Encoding.UTF8.GetBytes(after), OperatingSystem.IsWindows()
                ? UnixFileMode.None
                : File.GetUnixFileMode(file));
            return Outcome.Changed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException || Readable.IsReadFailure(e))
        {
            console.Error.WriteLine($"{file}: {Readable.Reason(e)}");
            return Outcome.Unusable;
        }
    }

    private static TomlTable Read(string text, string file, ConfigProblems problems)
        => TomlReader.Read(Encoding.UTF8.GetBytes(text), file, problems, new TomlReaderOptions { AllowVariables = true });
}
