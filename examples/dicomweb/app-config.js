/** OHIF in front of the gateway of this example. */
window.config = {
  routerBasename: '/',
  extensions: [],
  modes: [],
  showStudyList: true,
  investigationalUseDialog: { option: 'never' },
  defaultDataSourceName: 'harmony',
  dataSources: [
    {
      namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
      sourceName: 'harmony',
      configuration: {
        friendlyName: 'Harmony',
        name: 'harmony',
        qidoRoot: window.harmonyRoot || 'http://127.0.0.1:8080/dicomweb',
        wadoRoot: window.harmonyRoot || 'http://127.0.0.1:8080/dicomweb',
        qidoSupportsIncludeField: true,
        imageRendering: 'wadors',
        thumbnailRendering: 'wadors',
        enableStudyLazyLoad: true,
        supportsFuzzyMatching: false,
        supportsWildcard: true,
        bulkDataURI: { enabled: true },
        omitQuotationForMultipartRequest: true,
      },
    },
  ],
};
