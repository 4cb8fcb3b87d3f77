using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Harmony.Core.Configuration;
using Harmony.Gateway.Cli.Dicom;
using Harmony.Gateway.Cli.Format;
using Harmony.Gateway.Cli.Jmix;
using Harmony.Gateway.Cli.Logs;
using Harmony.Gateway.Cli.Mesh;
using Harmony.Gateway.Cli.Remote;
using Harmony.Gateway.Cli.Starting;

namespace Harmony.Gateway.Cli;

/// <summary>The command line of <c>harmony</c>.</summary>
internal static class HarmonyCommand
{
    /// <summary>Parses a command line and runs it.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(IReadOnlyList<string> args, InvocationConfiguration console, CancellationToken ct = default)
    {
        var result = Parse(args);
        if (result.Action is ParseErrorAction && result.Errors.Count > 0)
            return Task.FromResult(Refuse(result, result.Errors[0].Message, result.UnmatchedTokens is [var first, ..] ? first : null, console.Error));
        // A misspelt option stands where an argument may: files do not have such names.
        if (result.Action == result.CommandResult.Command.Action && MisspeltOption(result) is { } option)
        {
            return Task.FromResult(Refuse(result, $"Unrecognized command or argument '{option}'", option, console.Error));
        }

        ConfigOption.SayWhich(result, console.Error);
        return result.InvokeAsync(console, ct);
    }

    /// <summary>
    /// Parses a command line. An argument that begins with <c>@</c> is one, and no file of further arguments: <c>harmony try</c> reads a body from it.
    /// </summary>
    public static ParseResult Parse(IReadOnlyList<string> args) => Create().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    public static RootCommand Create()
    {
        // One option for all, so that it may stand before the command as well as after it.
        var config = ConfigOption.Create();
        var validate = new Option<bool>("--validate-config") { Description = "Only check the configuration, like 'harmony check'." };
        var root = new RootCommand("Harmony: a gateway for health care data: FHIR, DICOM, DICOMweb, JMIX, HTTP. Without a command, harmony runs the gateway.")
        {
            config,
            validate,
            RunCommand.Create(config),
            InitCommand.Create(),
            ProxyCommand.Create(),
            ReceiveCommand.Create(),
            CheckCommand.Create(config),
            FormatCommand.Create(config),
            ExplainCommand.Create(config),
            StatusCommand.Create(config),
            TargetsCommand.Create(config),
            SteerCommand.Create(config, "drain", "Send no new requests to a target of a running gateway; without a target, drain the whole gateway."),
            SteerCommand.Create(config, "enable", "Send requests to a drained target of a running gateway again."),
            RoutesCommand.Create(config),
            MatchCommand.Create(config),
            TryCommand.Create(config),
            ReloadCommand.Create(config),
            HistoryCommand.Create(config),
            RollbackCommand.Create(config),
            LogLevelCommand.Create(config),
            LogsCommand.Create(config),
            HealthCommand.Create(config),
            CloudCommand.Create(config),
            ModulesCommand.Create(),
            TokenCommand.Create(),
            HashPasswordCommand.Create(),
            MeshCommand.Create(config),
            TransformCommand.Create(),
            DicomCommand.Create(),
            JmixCommand.Create(),
            CompletionCommand.Create(),
            HelpCommand.Create(),
            VersionCommand.Create(),
        };
        root.HelpName = "harmony";
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        HelpExamples.AddTo(root);
        root.SetAction((result, ct) => result.GetValue(validate)
            ? CheckCommand.RunAsync(result.GetValue(config)!, strict: false, result.InvocationConfiguration.Output)
            : RunCommand.RunAsync(result.GetValue(config)!, result.InvocationConfiguration, ct));
        return root;
    }

    /// <summary>Three lines for what is not understood: what it is, what may be meant, where the rest stands.</summary>
    private static int Refuse(ParseResult result, string message, string? word, TextWriter error)
    {
        var command = result.CommandResult.Command;
        var words = string.Join(' ', NamesOf(result));
        error.WriteLine($"{words}: {message.TrimEnd('.')}");
        var known = command.Subcommands.Select(c => c.Name).Concat(command.Options.Select(o => o.Name)).Append("--help");
        var suggestion = word is null ? "" : NearestName.Suggestion(word, known);
        if (suggestion.Length > 0) error.WriteLine(suggestion.TrimStart(';', ' '));
        error.WriteLine($"Usage: {words} --help prints the commands and options");
        return 1;
    }

    private static string? MisspeltOption(ParseResult result)
        => result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value)
            .FirstOrDefault(v => v.Length > 2 && v.StartsWith("--", StringComparison.Ordinal));

    private static IEnumerable<string> NamesOf(ParseResult result)
    {
        var names = new Stack<string>();
        for (var at = result.CommandResult; at is not null; at = at.Parent as CommandResult)
        {
            names.Push(at.Command is RootCommand ? "harmony" : at.Command.Name);
        }

        return names;
    }
}
