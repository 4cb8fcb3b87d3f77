using System.CommandLine;
using Harmony.Gateway.Cli.Dicom;
using Harmony.Gateway.Cli.Jmix;
using Harmony.Gateway.Cli.Remote;

namespace Harmony.Gateway.Cli;

/// <summary>The command line of <c>harmony</c>.</summary>
internal static class HarmonyCommand
{
    public static RootCommand Create()
    {
        // One option for all, so that it may stand before the command as well as after it.
        var config = ConfigOption.Create();
        var validate = new Option<bool>("--validate-config") { Description = "Check the configuration and end, as 'harmony check' does." };
        var root = new RootCommand("Harmony: a gateway for data meshes, with health care first. Without a command it runs the gateway.")
        {
            config,
            validate,
            RunCommand.Create(config),
            CheckCommand.Create(config),
            ExplainCommand.Create(config),
            ReloadCommand.Create(config),
            HealthCommand.Create(config),
            ModulesCommand.Create(),
            HashPasswordCommand.Create(),
            TransformCommand.Create(),
            DicomCommand.Create(),
            JmixCommand.Create(),
        };
        root.HelpName = "harmony";
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        root.SetAction((result, ct) => result.GetValue(validate)
            ? CheckCommand.RunAsync(result.GetValue(config)!, strict: false, result.InvocationConfiguration.Output)
            : RunCommand.RunAsync(result.GetValue(config)!, result.InvocationConfiguration, ct));
        return root;
    }
}
