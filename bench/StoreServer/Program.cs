// What bench/dimse.sh needs besides other people's programs:
//   StoreServer serve 127.0.0.1:11112 FOLDER    stores what comes, by the library alone: no gateway, no pipeline
//   StoreServer make FOLDER COUNT BYTES         makes CT objects with so many bytes of pixels
using System.Globalization;
using System.Net;
using Harmony.Dicom.Network.Scp;
using StoreServer;

switch (args)
{
    case ["serve", var address, var folder]:
        var acceptor = new DicomAcceptor(new AcceptorOptions(), new DimseHandlers { Store = new FolderStore(folder) });
        await using (DicomServer.Start(new DicomServerOptions { EndPoint = IPEndPoint.Parse(address) }, acceptor)) await Task.Delay(Timeout.Infinite);
        return 0;
    case ["make", var folder, var count, var bytes]:
        await ObjectMaker.MakeAsync(folder, int.Parse(count, CultureInfo.InvariantCulture), long.Parse(bytes, CultureInfo.InvariantCulture));
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: StoreServer serve ADDRESS:PORT FOLDER | StoreServer make FOLDER COUNT BYTES");
        return 2;
}
