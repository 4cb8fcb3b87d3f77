using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Harmony.Gateway.Cli;

/// <summary>Command lines to copy, at the end of every help text.</summary>
internal static class HelpExamples
{
    /// <summary>By the words of the command.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> All = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["harmony"] = ["harmony init http", "harmony check config.toml", "harmony run"],
        ["run"] = ["harmony run", "harmony run -c /etc/harmony/config.toml"],
        ["init"] = ["harmony init", "harmony init dicom-store", "harmony init fhir-proxy --folder gateway"],
        ["proxy"] = ["harmony proxy --to http://127.0.0.1:9000", "harmony proxy --to https://ehr.example --port 8443"],
        ["receive"] = ["harmony receive --aet ARCHIVE --to images"],
        ["check"] = ["harmony check config.toml", "harmony check --strict --json", "harmony check --against http://127.0.0.1:9090"],
        ["fmt"] = ["harmony fmt", "harmony fmt --check pipelines/orders.toml"],
        ["explain"] = ["harmony explain", "harmony explain --json", "harmony explain --svg pipelines.svg", "harmony explain --mermaid"],
        ["status"] = ["harmony status", "harmony status --watch", "harmony status --url http://127.0.0.1:9090 --json"],
        ["targets"] = ["harmony targets", "harmony targets --watch"],
        ["drain"] = ["harmony drain pacs archive_a", "harmony drain"],
        ["enable"] = ["harmony enable pacs archive_a"],
        ["routes"] = ["harmony routes"],
        ["match"] = ["harmony match GET /fhir/Patient/7"],
        ["try"] =
        [
            "harmony try GET /orders/7 --as sub=ann", "harmony try POST /orders -d @order.json --send",
            "harmony try C-STORE image.dcm --aet ARCHIVE --calling CT_1", "harmony try C-FIND -k PatientID=P-1 -k StudyInstanceUID",
        ],
        ["reload"] = ["harmony reload", "harmony reload --url http://127.0.0.1:9090 --token-file admin.token"],
        ["history"] = ["harmony history"],
        ["rollback"] = ["harmony rollback 7"],
        ["log-level"] = ["harmony log-level", "harmony log-level info,harmony.forward=debug", "harmony log-level --reset"],
        ["logs"] = ["harmony logs --follow", "harmony logs --level warn --pipeline orders", "harmony logs --request 4b1f0c2e9d --json",
            "harmony logs --access -n 20"],
        ["health"] = ["harmony health", "harmony health --live"],
        ["cloud"] = ["harmony cloud status", "harmony cloud push"],
        ["cloud authorize"] = ["harmony cloud authorize --user-token-file user.token --gateway clinic-a"],
        ["cloud status"] = ["harmony cloud status", "harmony cloud status --url http://127.0.0.1:9090 --json"],
        ["cloud pull"] = ["harmony cloud pull"],
        ["cloud push"] = ["harmony cloud push --json"],
        ["cloud forget"] = ["harmony cloud forget"],
        ["modules"] = ["harmony modules", "harmony modules jwt_auth", "harmony modules --schema -c config.toml > harmony.schema.json"],
        ["token"] = ["harmony token --secret-file jwt.secret --claim sub=ann --claim scope=read"],
        ["hash-password"] = ["harmony hash-password ann < password.txt"],
        ["mesh"] = ["harmony mesh token --url https://gateway.clinic-b.example/r4", "harmony mesh check https://gateway.clinic-b.example/r4/Patient"],
        ["mesh token"] = ["harmony mesh token", "harmony mesh token --mesh clinics --url https://gateway.clinic-b.example/r4",
            "harmony mesh token --verify - < token"],
        ["mesh check"] = ["harmony mesh check https://gateway.clinic-b.example/r4/Patient"],
        ["transform"] = ["harmony transform spec.json input.json --trace"],
        ["completion"] = ["harmony completion bash > /etc/bash_completion.d/harmony", "harmony completion fish > ~/.config/fish/completions/harmony.fish"],
        ["help"] = ["harmony help check"],
    };

    /// <summary>Has every help text end with its examples.</summary>
    public static void AddTo(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new WithExamples((HelpAction)help.Action!);
    }

    private sealed class WithExamples(HelpAction inner) : SynchronousCommandLineAction
    {
        // --help answers in the place of a command, whatever else is missing from it.
        public override bool ClearsParseErrors => true;

        /// <summary>The words of a command without the program's name: <c>mesh token</c>, which is another one than <c>token</c>.</summary>
        private static string WordsOf(System.CommandLine.Parsing.CommandResult result)
            => result.Command is RootCommand ? "harmony"
            : result.Parent is System.CommandLine.Parsing.CommandResult { Command: not RootCommand } parent ? $"{WordsOf(parent)} {result.Command.Name}"
            : result.Command.Name;

        public override int Invoke(ParseResult parseResult)
        {
            var code = inner.Invoke(parseResult);
            var command = parseResult.CommandResult.Command;
            if (!All.TryGetValue(WordsOf(parseResult.CommandResult), out var examples)) return code;
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples) output.WriteLine($"  {example}");
            return code;
        }
    }
}
