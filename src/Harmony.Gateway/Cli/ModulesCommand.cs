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
        var name = new Argument<string?>("NAME") { Description = "Print everything about the modules of this name.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "Print JSON for programs." };
        // These two renew docs/configuration.md and docs/harmony.schema.json.
        var markdown = new Option<bool>("--markdown") { Description = "Print the reference of every key as Markdown.", Hidden = true };
        var schema = new Option<bool>("--schema") { Description = "Print a JSON schema of configuration files.", Hidden = true };
        const string description = "Print what a configuration may name: adapters, services, middleware types, and their options.";
        var command = new Command("modules", description) { name, json, markdown, schema };
        command.SetAction(result =>
        {
            var output = result.InvocationConfiguration.Output;
            var registry = GatewayModules.CreateRegistry(TimeProvider.System);
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
