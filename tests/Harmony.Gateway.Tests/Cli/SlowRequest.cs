using Harmony.Testing;

namespace Harmony.Gateway.Tests.Cli;

/// <summary>A configuration whose origin answers when the test says so, and a request to it.</summary>
internal sealed class SlowRequest : IAsyncDisposable
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly RawOrigin _origin;
    private readonly int _port = FreePort.Take();

    private SlowRequest(int drainsFor)
    {
        _origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            _arrived.TrySetResult();
            await _released.Task.WaitAsync(connection.Stop);
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");
        });
        Folder = new ConfigFolder(ConfigFolder.Good
            .Replace("8080", $"{_port}", StringComparison.Ordinal)
            .Replace("primary_provider = \"local\"", $"primary_provider = \"local\"\nshutdown_timeout_secs = {drainsFor}", StringComparison.Ordinal)
            .Replace("service = \"echo\"", $"service = \"http\"\noptions.base_url = \"{_origin.Url}\"", StringComparison.Ordinal)
            + "[logging]\nlog_level = \"info\"\n");
    }

    public ConfigFolder Folder { get; }

    /// <summary>Completes when the origin has the request.</summary>
    public Task Arrived => _arrived.Task;

    /// <param name="drainsFor">How long the program waits for the request when it is to end; in seconds.</param>
    public static SlowRequest Create(int drainsFor = 300) => new(drainsFor);

    public Task<HttpResponseMessage> SendAsync() => _client.GetAsync(new Uri($"http://127.0.0.1:{_port}/api"));

    /// <summary>Lets the origin answer.</summary>
    public void Release() => _released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _origin.DisposeAsync();
        _client.Dispose();
        Folder.Dispose();
    }
}
