using System.CommandLine;

namespace Harmony.Gateway.Cli.Starting;

/// <summary><c>harmony proxy --to URL</c>: forwards everything to one system, without a file.</summary>
internal static class ProxyCommand
{
    public static Command Create()
    {
        var to = new Option<string>("--to") { Description = "URL that requests go to, e.g. http://127.0.0.1:9000.", HelpName = "URL", Required = true };
        var listening = new ListeningOptions(8080);
        var command = new Command("proxy", "Forward every request to one system, without a configuration file.") { to, listening.Bind, listening.Port };
        command.SetAction((result, ct) => WrittenConfiguration.RunAsync(
            Text(result.GetValue(to)!, result.GetValue(listening.Bind)!, result.GetValue(listening.Port)), result.InvocationConfiguration, ct));
        return command;
    }

    private static string Text(string to, string bind, int port) => $"""
        [proxy]
        name = "proxy"
        primary_provider = "local"
        [network.default.tcp_config]
        bind_address = {WrittenConfiguration.Quote(bind)}
        bind_port = {port}
        [pipelines.proxy]
        networks = ["default"]
        endpoints = ["everything"]
        backends = ["to"]
        [endpoints.everything]
        service = "http"
        options.path_prefix = "/"
        [backends.to]
        service = "http"
        options.base_url = {WrittenConfiguration.Quote(to)}
        """;
}

/// <summary><c>harmony receive --aet NAME --to FOLDER</c>: keeps what modalities send, without a file.</summary>
internal static class ReceiveCommand
{
    public static Command Create()
    {
        var title = new Option<string>("--aet")
        {
            Description = "AE title of the gateway; other called AE titles are rejected.", HelpName = "NAME", Required = true
        };
        var to = new Option<string>("--to") { Description = "Folder for the objects.", HelpName = "FOLDER", Required = true };
        var from = new Option<string[]>("--from")
        {
            Description = "Calling AE titles that are accepted; all when absent.", HelpName = "NAME", DefaultValueFactory = _ => []
        };
        var listening = new ListeningOptions(11112);
        var command = new Command("receive", "Receive DICOM objects into a folder, without a configuration file.")
        {
            title, to, from, listening.Bind, listening.Port
        };
        command.SetAction((result, ct) => WrittenConfiguration.RunAsync(
            Text(result.GetValue(title)!, Path.GetFullPath(result.GetValue(to)!), result.GetValue(from)!, result.GetValue(listening.Bind)!,
                result.GetValue(listening.Port)),
            result.InvocationConfiguration,
            ct));
        return command;
    }

    private static string Text(string title, string to, string[] from, string bind, int port) => $$"""
        [proxy]
        name = "receive"
        primary_provider = "local"
        [network.dicom]
        [pipelines.receive]
        networks = ["dicom"]
        endpoints = ["senders"]
        backends = ["folder"]
        [endpoints.senders]
        service = "dicom_scp"
        [endpoints.senders.options]
        local_aet = {{WrittenConfiguration.Quote(title)}}
        bind_addr = {{WrittenConfiguration.Quote(bind)}}
        port = {{port}}
        enable_store = true
        {{(from.Length == 0 ? "" : $"allowed_calling_aets = [{string.Join(", ", from.Select(WrittenConfiguration.Quote))}]")}}
        [backends.folder]
        service = "storage"
        [backends.folder.options]
        root = {{WrittenConfiguration.Quote(to)}}
        write_pattern = "{PatientID}/{StudyInstanceUID}/{file}"
        durability = "fsync"
        if_exists = "version"
        """;
}

/// <summary>Where commands listen that run a gateway without a file.</summary>
internal sealed class ListeningOptions(int port)
{
    public Option<string> Bind { get; } = new("--bind")
    {
        Description = "Address to listen on; 0.0.0.0 for every interface.", HelpName = "ADDRESS", DefaultValueFactory = _ => "127.0.0.1"
    };

    public Option<int> Port { get; } = new("--port") { Description = "Port to listen on.", HelpName = "PORT", DefaultValueFactory = _ => port };
}
