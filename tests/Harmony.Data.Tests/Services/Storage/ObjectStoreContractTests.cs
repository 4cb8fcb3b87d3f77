using Harmony.Core.Storage;
using Harmony.Testing;

namespace Harmony.Data.Tests.Services.Storage;

public sealed class FileSystemContractTests : ObjectStoreContract, IDisposable
{
    private readonly TestFolder _folder = new();

    private protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(new FileSystemStore(_folder.PathOf("not/yet"), isDurable: true));

    public void Dispose() => _folder.Dispose();
}

public sealed class MemoryContractTests : ObjectStoreContract
{
    private protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(new MemoryStore(TimeProvider.System));
}
