using System.CommandLine;
using Harmony.Core.Configuration;
using Harmony.Gateway.Cli.Catalog;
using Harmony.Gateway.Cli.Reference;
using Harmony.Gateway.Hosting;

namespace Harmony.Gateway.Cli;

/// <summary><c>harmony modules</c>: prints what a configuration may name, for people, for programs, for the documentation and for editors.</summary>
internal static class ModulesCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "Name of a module, to print all about it.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "Print JSON for programs." };
        // Renews docs/configuration.md.
        var markdown = new Option<bool>("--markdown") { Description = "Print the reference of all keys as Markdown.", Hidden = true };
        var schema = new Option<bool>("--schema") { Description = "Print a JSON schema of configuration files, for editors." };
        var config = new Option<string?>("--config", "-c")
        {
            Description = "Main configuration file, to include the modules of its plug-ins.", HelpName = "FILE",
        };
        const string description = "Print what a configuration may name: adapters, services, middleware types, and their options.";
        var command = new Command("modules", description) { name, json, markdown, schema, config };
        command.SetAction(async (result, _) =>
        {
            var output = result.InvocationConfiguration.Output;
            var builder = new GatewayBuilder(Environment.GetEnvironmentVariable, TimeProvider.System);
            await using var snapshot = result.GetValue(config) is { } file ? await builder.LoadAsync(file) : null;
            if (result.GetValue(config) is not null && snapshot is null)
            {
                ProblemPrinter.Print(builder.Problems, result.InvocationConfiguration.Error, strict: false);
                return 1;
            }

            var registry = snapshot?.Modules ?? GatewayModules.CreateRegistry(TimeProvider.System);
            if (result.GetValue(markdown)) output.Write(MarkdownReference.Write(registry));
            else if (result.GetValue(schema)) output.Write(EditorSchema.Write(registry));
            else return Print(CatalogBuilder.Build(registry), result.GetValue(name), result.GetValue(json), result.InvocationConfiguration);
            return 0;
        });
        return command;
    }

    private static int Print(Catalog.Catalog all, string? name, bool json, InvocationConfiguration console)
    {
        var catalog = name is null ? all : all.Named(name);
        if (catalog.IsEmpty())
        {
            console.Error.WriteLine($"no module is called '{name}'{NearestName.Suggestion(name!, all.AllNames())}");
            return 1;
        }

        if (json) console.Output.WriteLine(JsonOutput.Write(catalog));
        else if (name is null) new CatalogText(console.Output).Print(catalog);
        else new ModuleText(console.Output).Print(catalog);
        return 0;
    }
}
