using System.Diagnostics;
using System.Globalization;
using Harmony.Core.Storage;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Data.Tests.Services.Storage.S3;

/// <summary>The contract at a server of somebody else's: <c>s3rver</c> of npm. It does not know conditional writes.</summary>
public sealed class S3rverContractTests : IAsyncLifetime, IDisposable
{
    private const string Script = """
        const S3rver = require('s3rver');
        new S3rver({ address: '127.0.0.1', port: 0, silent: true, vhostBuckets: false, allowMismatchedSignatures: false, directory: process.argv[1], configureBuckets: [{ name: 'images' }] })
            .run().then(address => console.log(address.port));
        process.stdin.resume();
        process.stdin.on('end', () => process.exit(0));
        """;

    private readonly TestFolder _folder = new();
    private Process? _server;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            _server.Kill();
            await _server.WaitForExitAsync(Guard.Token);
            _server.Dispose();
        }
    }

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Parts() =>
    [
        .. typeof(ObjectStoreContract).GetMethods().Where(m => m.GetCustomAttributes(typeof(FactAttribute), inherit: false).Length > 0).Select(m => m.Name),
    ];

    [PeerTheory("node", "npm")]
    [MemberData(nameof(Parts))]
    public async Task Contract_AtS3rver_Holds(string part)
    {
        var url = await StartAsync();
        var method = typeof(ObjectStoreContract).GetMethod(part)!;
        var cases = method.GetCustomAttributes(typeof(InlineDataAttribute), inherit: false).Cast<InlineDataAttribute>().SelectMany(d => d.GetData(method))
            .DefaultIfEmpty([]);
        var number = 0;
        foreach (var arguments in cases)
        {
            var contract = new Contract(url, string.Create(CultureInfo.InvariantCulture, $"case{number++}/"));
            await contract.InitializeAsync();
            await (Task)method.Invoke(contract, arguments)!;
            await contract.DisposeAsync();
        }
    }

    private async Task<Uri> StartAsync()
    {
        var start = new ProcessStartInfo(Peers.PathOf("node"), ["-e", Script, _folder.Path])
        {
            RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true, UseShellExecute = false,
            WorkingDirectory = RepositoryFolder.PathOf("tests", "npm"),
        };
        _server = Process.Start(start)!;
        var port = await _server.StandardOutput.ReadLineAsync(Guard.Token).AsTask().Guarded();
        return new Uri($"http://127.0.0.1:{port ?? throw new InvalidOperationException(await _server.StandardError.ReadToEndAsync().Guarded())}");
    }

    private sealed class Contract(Uri url, string prefix) : ObjectStoreContract
    {
        private protected override bool IsAtomic => false;

        private protected override bool IsInOrder => false;

        private protected override Task<IObjectStore> OpenAsync()
            => Task.FromResult<IObjectStore>(StrictS3ContractTests.StoreAt(url, "images", "S3RVER", prefix: prefix));
    }
}
