using Harmony.Core.Configuration;
using Harmony.Core.Storage;

namespace Harmony.Core.Tests.Storage;

public sealed class StateFolderTests
{
    [Theory]
    [InlineData("/run/state:/other", "/home/ann/state", false, "/run/state")]
    [InlineData(null, "/home/ann/state", true, "/home/ann/state/harmony")]
    [InlineData(null, "not/rooted", true, "/var/lib/harmony")]
    [InlineData(null, null, true, "/var/lib/harmony")]
    public void Default_IsNeverRelativeToTheWorkingDirectory(string? service, string? state, bool isRoot, string expected)
        => Assert.Equal(expected, StateFolder.Default(name => name switch { "STATE_DIRECTORY" => service, "XDG_STATE_HOME" => state, _ => null }, isRoot));

    [Fact]
    public void Default_OfAUser_IsInTheirHome()
        => Assert.True(Path.IsPathRooted(StateFolder.Default(_ => null, isRoot: false)));

    [Fact]
    public void WhatAFileSays_Counts() => Assert.Equal("./tmp", StateFolder.Of(new StorageOptionsSection { Path = "./tmp" }));
}
