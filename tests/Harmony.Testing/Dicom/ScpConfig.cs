namespace Harmony.Testing.Dicom;

/// <summary>Configurations whose one pipeline leads from a <c>dicom_scp</c> endpoint to backend <c>b</c>.</summary>
public static class ScpConfig
{
    private static readonly string[] Operations = ["enable_store", "enable_find", "enable_get", "enable_move"];

    /// <summary>The whole configuration. All operations are enabled but those that the options say something about.</summary>
    /// <param name="backend">TOML that defines backend <c>b</c>, and whatever else.</param>
    /// <param name="endpointOptions">Further options of the endpoint.</param>
    /// <param name="middleware">The middleware of the pipeline.</param>
    public static string With(string backend, string endpointOptions = "", string middleware = "") => $"""
        {backend}
        [proxy]
        name = "test"
        primary_provider = "local"
        [network.main]
        [pipelines.p]
        networks = ["main"]
        endpoints = ["scp"]
        middleware = [{middleware}]
        backends = ["b"]
        [endpoints.scp]
        service = "dicom_scp"
        [endpoints.scp.options]
        bind_addr = "127.0.0.1"
        {string.Join('\n', Operations.Where(o => !endpointOptions.Contains(o, StringComparison.Ordinal)).Select(o => $"{o} = true"))}
        {endpointOptions}
        """;

    /// <summary>Backend <c>b</c> that writes below a folder.</summary>
    public static string Storage(string root, string pattern = "{file}", string options = "") => $"""
        [backends.b]
        service = "storage"
        [backends.b.options]
        root = "{root}"
        write_pattern = "{pattern}"
        {options}
        """;
}
